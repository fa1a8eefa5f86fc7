// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LogEntry } from "@countersign/core/audit";
import type { ObjectId, Sha256 } from "@countersign/core/ids";
import { isCode } from "../folder-files.ts";

/** Where in a log an object stands. A cache: what it says is looked up and checked, and it can be deleted at any time. */
export interface ObjectIndex {
  /** Entries that it covers. */
  readonly size: () => number;
  /** Indexes that may be about the object, ascending. */
  readonly find: (object: Sha256) => readonly number[];
  /** Indexes of entries that take something away or ask for something, ascending. */
  readonly restrictions: () => readonly number[];
  /** Indexes of signed assistance statements that may be about one of the commits, ascending. */
  readonly statedOf: (commits: readonly ObjectId[]) => readonly number[];
  /** Entries that may say that an entry's object was removed. */
  readonly redactionsOf: (index: number) => readonly number[];
  /** Takes in the entries from `size()` on. */
  readonly add: (entries: readonly { readonly index: number; readonly entry: LogEntry }[]) => void;
  readonly clear: () => void;
}

/** Object (32 bytes) and index (6 bytes, big-endian): 48 bits number more entries than a log can hold in a lifetime. */
const ROW = 38;
const NAME = 32;
const STATED = "stated-";
const SIZE_FILE = "size";
const REDACTIONS = "redactions";
const RESTRICTIONS = "restrictions";
const RESTRICTING: ReadonlySet<string> = new Set(["rejection", "revocation", "override", "amendment"]);

/** The commit that a machine signed a statement of assistance about; a record that nobody signed says nothing here. */
function toStated({ kind, commit, predicateType }: LogEntry): ObjectId | null {
  return kind === "assistance" && predicateType !== null ? commit : null;
}

/** An index in memory only, for readers who have nowhere to write. */
export function createMemoryIndex(): ObjectIndex {
  const rows = new Map<Sha256, number[]>();
  const redactions = new Map<number, number[]>();
  const restrictions = new Set<number>();
  const stated = new Map<ObjectId, number[]>();
  let size = 0;
  return {
    restrictions: () => [...restrictions],
    size: () => size,
    find: (object) => rows.get(object) ?? [],
    redactionsOf: (index) => redactions.get(index) ?? [],
    statedOf: (commits) => sortUnique(commits.flatMap((commit) => stated.get(commit) ?? [])),
    add: (entries) => {
      for (const { index, entry } of entries) {
        if (entry.redacts !== null)
          redactions.set(entry.redacts, [...(redactions.get(entry.redacts) ?? []), index]);
        if (RESTRICTING.has(entry.kind)) restrictions.add(index);
        const commit = toStated(entry);
        if (commit !== null) stated.set(commit, [...(stated.get(commit) ?? []), index]);
        rows.set(entry.object, [...(rows.get(entry.object) ?? []), index]);
        size = index + 1;
      }
    },
    clear: () => {
      rows.clear();
      redactions.clear();
      restrictions.clear();
      stated.clear();
      size = 0;
    },
  };
}

/**
 * An index in a folder: 256 files of rows, by the object's first byte, so that neither finding nor adding reads it all. Rows
 * are only ever added; the same row twice, after a crash or from two processes, does no harm.
 */
export function openFolderIndex(folder: string): ObjectIndex {
  mkdirSync(folder, { recursive: true });
  let size = Number(readText(join(folder, SIZE_FILE)));
  if (!Number.isSafeInteger(size)) size = 0;

  function add(entries: readonly { readonly index: number; readonly entry: LogEntry }[]): void {
    const shards = new Map<string, Buffer[]>();
    for (const { index, entry } of entries) {
      push(shards, entry.object.slice(0, 2), toRow(entry.object, index));
      if (entry.redacts !== null) push(shards, REDACTIONS, toRow(toKey(entry.redacts), index));
      if (RESTRICTING.has(entry.kind)) push(shards, RESTRICTIONS, toRow(entry.object, index));
      const commit = toStated(entry);
      if (commit !== null) push(shards, `${STATED}${commit.slice(0, 2)}`, toRow(commit, index));
    }
    for (const [shard, rows] of shards) appendFileSync(join(folder, shard), Buffer.concat(rows));
    size = (entries.at(-1)?.index ?? size - 1) + 1;
    writeFileSync(join(folder, SIZE_FILE), String(size));
  }

  return {
    size: () => size,
    restrictions: () => sortUnique(indexesOf(readRows(join(folder, RESTRICTIONS)))),
    statedOf: (commits) => sortUnique(findStated(folder, commits)),
    find: (object) => findRows(readRows(join(folder, object.slice(0, 2))), object),
    redactionsOf: (index) => findRows(readRows(join(folder, REDACTIONS)), toKey(index)),
    add,
    clear: () => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      size = 0;
    },
  };
}

/** Each file is read once, however many commits are asked for. */
function findStated(folder: string, commits: readonly ObjectId[]): readonly number[] {
  const shards = new Map<string, ObjectId[]>();
  for (const commit of commits) {
    const shard = `${STATED}${commit.slice(0, 2)}`;
    shards.set(shard, [...(shards.get(shard) ?? []), commit]);
  }
  return [...shards].flatMap(([shard, own]) => {
    const rows = readRows(join(folder, shard));
    return rows.length === 0 ? [] : own.flatMap((commit) => findRows(rows, commit));
  });
}

function sortUnique(indexes: readonly number[]): readonly number[] {
  return [...new Set(indexes)].sort((a, b) => a - b);
}

function push(shards: Map<string, Buffer[]>, shard: string, row: Buffer): void {
  const rows = shards.get(shard) ?? [];
  if (rows.length === 0) shards.set(shard, rows);
  rows.push(row);
}

/** A commit's id may be shorter than an object's name; zeros fill it up. */
function toRow(object: Sha256 | ObjectId, index: number): Buffer {
  const row = Buffer.alloc(ROW);
  row.write(object, "hex");
  row.writeUIntBE(index, 32, 6);
  return row;
}

/** An index where an object's name stands in other rows. */
function toKey(index: number): string {
  return index.toString(16).padStart(64, "0");
}

function findRows(rows: Buffer, object: Sha256 | ObjectId): readonly number[] {
  const wanted = Buffer.alloc(NAME);
  wanted.write(object, "hex");
  const found = new Set<number>();
  for (let at = rows.indexOf(wanted); at >= 0; at = rows.indexOf(wanted, at + 1)) {
    if (at % ROW === 0 && at + ROW <= rows.length) found.add(rows.readUIntBE(at + 32, 6));
  }
  return [...found].sort((a, b) => a - b);
}

function indexesOf(rows: Buffer): readonly number[] {
  return Array.from({ length: Math.floor(rows.length / ROW) }, (_, i) => rows.readUIntBE(i * ROW + 32, 6));
}

function readRows(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isCode(error, "ENOENT")) return Buffer.alloc(0);
    throw error;
  }
}

function readText(path: string): string {
  return readRows(path).toString("utf8");
}
