// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Ways in which a file comes to be something else than what was written. */
export const DAMAGES = {
  "cut in half": async (path: string) => truncate(path, Math.floor((await lstat(path)).size / 2)),
  "garbage in the middle": async (path: string) => {
    const bytes = await readFile(path);
    const middle = Math.floor(bytes.length / 2);
    await writeFile(path, Buffer.concat([bytes.subarray(0, middle), GARBAGE, bytes.subarray(middle + 3)]));
  },
  "a binary file": (path: string) => writeFile(path, Buffer.alloc(3000, 0)),
  "a folder": (path: string) => replaceBy(path, () => mkdir(join(path, "inner"), { recursive: true })),
  "a link to nowhere": (path: string) => replaceBy(path, () => symlink("nowhere/at/all", path)),
  "a pipe": (path: string) => replaceBy(path, async () => void (await promisify(execFile)("mkfifo", [path]))),
  "closed to its owner": (path: string) => chmod(path, 0o000),
} as const;

export type Damage = keyof typeof DAMAGES;

/** A line end and quotes among it: some of it may look like the beginning of something. */
const GARBAGE = Buffer.from('\0\xff{"version":1,"phase":"before","files":[\n"\\', "latin1");

async function replaceBy(path: string, make: () => Promise<unknown>): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await make();
}

/** Damages a file of the recorder; all files of a folder where it is one and the damage is of contents. */
export async function damage(recorder: string, name: string, how: Damage): Promise<void> {
  const path = join(recorder, name);
  const stat = await lstat(path).catch(() => undefined);
  const isOfContents = !/^(a |closed)/.test(how) || how === "a binary file";
  if (stat?.isDirectory() !== true || !isOfContents) {
    if (stat === undefined) await writeFile(path, "something\n");
    await DAMAGES[how](path);
    return;
  }
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) await DAMAGES[how](join(entry.parentPath, entry.name));
}
