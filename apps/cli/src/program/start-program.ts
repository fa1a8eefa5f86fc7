// SPDX-License-Identifier: Apache-2.0
import type { Script } from "node:vm";

// Not imported: nothing keeps what is compiled of this file, and an ES module pays for every name of what it imports.
const { mkdirSync, readFileSync, renameSync, writeFileSync } = process.getBuiltinModule("node:fs");
const vm = process.getBuiltinModule("node:vm");
const { crc32 } = process.getBuiltinModule("node:zlib");

interface Program {
  /** Where its `chunks` lie, and `compiled`, what V8 made of them. */
  readonly folder: string;
  /** URL of the file that was started. */
  readonly url: string;
  /** Name of the chunk that runs it all. */
  readonly entry: string;
  /** Also keeps anew what was kept before, so that each command that is run adds what it needed. */
  readonly isGrowing: boolean;
}

/** What `scripts/to-script.ts` makes of a chunk: a function that gives what the chunk exports. */
type Chunk = (require: (name: string) => unknown, metaUrl: string) => unknown;

interface Compiled {
  readonly path: string;
  readonly source: Buffer;
  readonly script: Script;
}

const CHECKSUM = 4;

/**
 * Runs a program from its chunks. What V8 compiled of them is kept when the program ends and not, as in Node's own cache, when they
 * are loaded: only then does it hold the functions that were called. See docs/decisions/0019-what-is-kept-is-what-ran.md.
 */
export function startProgram({ folder, url, entry, isGrowing }: Program): void {
  const compiled = `${folder}/compiled/${process.version}-${process.platform}-${process.arch}`;
  const base = `${url.slice(0, url.lastIndexOf("/"))}/chunks/`;
  const loaded = new Map<string, unknown>();
  const unkept: Compiled[] = [];

  function load(name: string): unknown {
    if (!name.startsWith("./")) return process.getBuiltinModule(name);
    if (loaded.has(name)) return loaded.get(name);
    const chunk: Chunk = compile(name.slice("./".length, -".script".length)).runInThisContext();
    const exported = chunk(load, base);
    loaded.set(name, exported);
    return exported;
  }

  function compile(name: string): Script {
    const filename = `${folder}/chunks/${name}.script`;
    const path = `${compiled}/${name}.code`;
    try {
      const source = readFileSync(filename);
      const cachedData = findKept(path, source);
      const script = new vm.Script(source.toString("utf8"), { filename, cachedData });
      if (isGrowing || script.cachedDataRejected !== false) unkept.push({ path, source, script });
      return script;
    } catch (error) {
      throw notWhole(error);
    }
  }

  process.once("exit", () => keep(compiled, unkept));
  try {
    load(`./${entry}`);
  } catch (error) {
    process.stderr.write(`countersign: ${error instanceof Error ? error.message : String(error)}\n`);
    // Node's own answer would be 1, which means "the policy says no".
    process.exit(3);
  }
}

/** Without the code of its cause: who asks whether a file is there must not take a missing part of the program for the answer. */
function notWhole(cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`its own program is not whole: ${reason}; install it again`, { cause });
}

/** V8 looks only at the length of the source and believes the rest: a torn write would make it run something else. */
function findKept(path: string, source: Buffer): Buffer | undefined {
  let kept: Buffer;
  try {
    kept = readFileSync(path);
  } catch {
    return undefined;
  }
  const end = kept.length - CHECKSUM;
  const code = kept.subarray(0, end);
  return end > 0 && kept.readUInt32LE(end) === crc32(code, crc32(source)) ? code : undefined;
}

/** Best effort, and whole or not at all: the folder may be read-only, and others may be at it. */
function keep(folder: string, unkept: readonly Compiled[]): void {
  if (unkept.length === 0) return;
  try {
    mkdirSync(folder, { recursive: true });
    for (const { path, source, script } of unkept) keepOne(path, source, script.createCachedData());
  } catch {
    // Then it is compiled again the next time.
  }
}

function keepOne(path: string, source: Buffer, code: Buffer): void {
  const draft = `${path}.${process.pid}`;
  const checksum = Buffer.alloc(CHECKSUM);
  checksum.writeUInt32LE(crc32(code, crc32(source)));
  // Somebody else's draft is left alone: another container may have a process of the same number.
  writeFileSync(draft, Buffer.concat([code, checksum]), { flag: "wx" });
  renameSync(draft, path);
}
