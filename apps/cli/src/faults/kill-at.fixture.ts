// SPDX-License-Identifier: Apache-2.0
// Loaded into a program under test by `node --import`: ends the process with SIGKILL at one of the moments at which it changes
// something outside of itself. Each call has a moment before it, and those that write bytes one in which half of them are there.
import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** 0: count the moments only. */
const KILL_AT = Number(process.env.COUNTERSIGN_TEST_KILL_AT ?? "0");
const COUNT_FILE = process.env.COUNTERSIGN_TEST_COUNT_FILE;
/** Several programs may load this; only the one with these words in its command is meant. */
const PROGRAM = process.env.COUNTERSIGN_TEST_PROGRAM ?? "";
const { openSync, writeSync, appendFileSync } = fs;
let moments = 0;

type Call = (...given: unknown[]) => unknown;

function moment(halfDone?: () => void): void {
  moments += 1;
  if (moments !== KILL_AT) return;
  halfDone?.();
  process.kill(process.pid, "SIGKILL");
}

function half(data: unknown): Buffer {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data as string | Uint8Array);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

function replace(owner: object, name: string, around: (original: Call, given: unknown[]) => unknown): void {
  const functions = owner as Record<string, Call>;
  const original = functions[name] as Call;
  functions[name] = (...given) => around(original.bind(owner), given);
}

const CHANGING = [
  "mkdirSync",
  "renameSync",
  "rmSync",
  "unlinkSync",
  "utimesSync",
  "rmdirSync",
  "fsyncSync",
  "symlinkSync",
];
const CHANGING_LATER = ["mkdir", "rename", "rm", "unlink"];

/** Commands of Git that change a repository; a kill before one that only reads is one between two others. */
const WRITING = new Set(["fast-import", "update-ref", "unpack-objects", "index-pack", "hash-object"]);

function intercept(): void {
  for (const [owner, names] of [[fs, CHANGING] as const, [fs.promises, CHANGING_LATER] as const])
    for (const name of names)
      replace(owner, name, (original, given) => {
        moment();
        return original(...given);
      });
  replace(fs, "openSync", (original, given) => {
    const flags = given[1];
    const isMaking =
      typeof flags === "number" ? (flags & fs.constants.O_CREAT) !== 0 : /[wa]/.test(String(flags ?? "r"));
    if (isMaking) moment();
    return original(...given);
  });
  replace(fs, "writeSync", (original, given) => {
    moment();
    moment(() => writeSync(given[0] as number, half(given[1])));
    return original(...given);
  });
  for (const owner of [fs, fs.promises])
    for (const name of owner === fs ? ["writeFileSync", "appendFileSync"] : ["writeFile"])
      replace(owner, name, (original, given) => {
        const [path, data, options] = given as [string, unknown, { flag?: string } | undefined];
        const flag = options?.flag ?? (name === "appendFileSync" ? "a" : "w");
        moment();
        moment(() => writeSync(openSync(path, flag, 0o600), half(data)));
        return original(...given);
      });
  replace(childProcess, "spawn", (original, given) => {
    const [, args = []] = given as [string, string[] | undefined];
    if (!args.some((word) => WRITING.has(word))) return original(...given);
    moment();
    const child = original(...given) as childProcess.ChildProcess;
    if (child.stdin === null) return child;
    replace(child.stdin, "end", (end, data) => {
      if (data[0] instanceof Uint8Array) moment(() => child.stdin?.write(half(data[0])));
      return end(...data);
    });
    return child;
  });
  syncBuiltinESMExports();
}

if (PROGRAM !== "" && process.argv.slice(1).join(" ").includes(PROGRAM)) {
  intercept();
  process.on("exit", () => {
    if (COUNT_FILE !== undefined) appendFileSync(COUNT_FILE, `${moments}\n`);
  });
}
