// SPDX-License-Identifier: Apache-2.0
import type { Script } from "node:vm";

// Not imported: nothing keeps what is compiled of this file, and an ES module pays for every name of what it imports.
const { mkdirSync, readFileSync, renameSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { pathToFileURL } = process.getBuiltinModule("node:url");
const vm = process.getBuiltinModule("node:vm");

interface Program {
  /** Where its `chunks` lie, and `compiled`, what V8 made of them. */
  readonly folder: string;
  /** Name of the chunk that runs it all. */
  readonly entry: string;
  /** Also keeps anew what was kept before, so that each command that is run adds what it needed. */
  readonly isGrowing: boolean;
  /** What is asked of it: what was compiled is kept for each apart, for to load what is not needed takes its time too. */
  readonly task?: string | undefined;
  /** Takes what was compiled where `folder` cannot be written to. */
  readonly spare?: string | undefined;
}

/** What `scripts/to-script.ts` makes of a chunk: a function that gives what the chunk exports. */
type Chunk = (require: (name: string) => unknown, metaUrl: string) => unknown;

interface Compiled {
  /** Of the file it is kept in. */
  readonly name: string;
  readonly source: Buffer;
  readonly script: Script;
}

/**
 * Runs a program from its chunks. What V8 compiled of them is kept when the program ends and not, as in Node's own cache, when they
 * are loaded: only then does it hold the functions that were called. See docs/decisions/0019-what-is-kept-is-what-ran.md.
 */
export function startProgram({ folder, entry, isGrowing, task, spare }: Program): void {
  const places = [`${folder}/compiled`, ...(spare === undefined ? [] : [spare])].map(
    (place) => `${place}/${process.version}-${process.platform}-${process.arch}`,
  );
  const suffix = task === undefined ? ".code" : `.${task}.code`;
  const base = `${pathToFileURL(folder).href}/chunks/`;
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
    try {
      const source = readFileSync(filename);
      const cachedData = findKept(places, name + suffix, source);
      const script = new vm.Script(source.toString("utf8"), { filename, cachedData });
      if (isGrowing || script.cachedDataRejected !== false)
        unkept.push({ name: name + suffix, source, script });
      return script;
    } catch (error) {
      throw notWhole(error);
    }
  }

  process.once("exit", () => keep(places, unkept));
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

/**
 * V8 looks only at the length of the source and believes the rest: a torn write would make it run something else. So its code is kept
 * twice, and its source after that, and all of it is compared: a checksum would take a module of Node's that a hook has to wait for.
 */
function findKept(places: readonly string[], name: string, source: Buffer): Buffer | undefined {
  for (const place of places) {
    const kept = readKept(`${place}/${name}`);
    const length = (kept.length - source.length) / 2;
    if (!Number.isInteger(length) || length <= 0) continue;
    const code = kept.subarray(0, length);
    if (code.equals(kept.subarray(length, 2 * length)) && source.equals(kept.subarray(2 * length)))
      return code;
  }
  return undefined;
}

function readKept(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Best effort, and whole or not at all: a folder may be read-only, and others may be at it. */
function keep([place, ...others]: readonly string[], unkept: readonly Compiled[]): void {
  if (place === undefined || unkept.length === 0) return;
  try {
    mkdirSync(place, { recursive: true });
    for (const { name, source, script } of unkept)
      keepOne(`${place}/${name}`, source, script.createCachedData());
  } catch {
    // With no place left it is compiled again the next time.
    keep(others, unkept);
  }
}

function keepOne(path: string, source: Buffer, code: Buffer): void {
  const draft = `${path}.${process.pid}`;
  // Somebody else's draft is left alone: another container may have a process of the same number.
  writeFileSync(draft, Buffer.concat([code, code, source]), { flag: "wx" });
  renameSync(draft, path);
}
