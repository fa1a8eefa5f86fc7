// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentRef, CoverageGap, RecordedFile } from "@countersign/core/attribution";
import type { ObjectFormat, ObjectId } from "@countersign/core/ids";
import { type CommitFiles, commitFiles } from "./commit-files.ts";

/** A record that lacks the name of its commit, for the commit does not exist yet. */
export interface PreparedRecord {
  readonly version: 1;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly files: readonly RecordedFile[];
  readonly agents: readonly AgentRef[];
  readonly gaps: readonly CoverageGap[];
  /** Lines of the commit are unknown, or were not looked at while Git waited; other records may know them. */
  readonly isOpen: boolean;
}

/** What the shell hook needs to finish a commit without starting us again. */
export interface PreparedCommit {
  readonly key: string;
  readonly record: PreparedRecord;
  /** The word of `pending` that this commit settles; undefined while something else stays pending. */
  readonly word: string | undefined;
  /** What git-fast-import makes the note from, with {@link CommitPlaceholders} in it; null where there is no note to write. */
  readonly note: Uint8Array | "by-node" | null;
}

/**
 * Stand for the commit's id in a stream, each as long as what it stands for inside of contents, so that lengths stay true. Drawn
 * at random from letters that no id has: nothing that a repository's files are called can be taken for one.
 */
export interface CommitPlaceholders {
  readonly id: ObjectId;
  /** The id with one to three folders of two digits, as paths only. */
  readonly folders: readonly [string, string, string];
}

export function createPlaceholders(format: ObjectFormat): CommitPlaceholders {
  const digits = randomBytes(format === "sha1" ? 20 : 32).toString("hex");
  const id = digits.replace(/[0-9a-f]/g, (digit) => LETTERS[Number.parseInt(digit, 16)] ?? "");
  return { id, folders: [`${id}1`, `${id}2`, `${id}3`] };
}

const LETTERS = "ghijklmnopqrstuv";

export function createKey(): string {
  return randomBytes(12).toString("hex");
}

/**
 * Leaves a commit for the hook that Git calls once it is made. Crash argument: the record is whole before the hook's file
 * names it; without the latter the commit is found by the reflog, and attributed from what the journal has.
 */
export function keepPrepared(
  gitDir: string,
  prepared: PreparedCommit,
  placeholders: CommitPlaceholders,
): void {
  const files = commitFiles(gitDir);
  const { key, record, note, word } = prepared;
  mkdirSync(files.records, { recursive: true, mode: 0o700 });
  writeWhole(recordPath(files, key), JSON.stringify(record));
  if (record.agents.length > 0) writeFileSync(files.recorded, "", { flag: "a", mode: 0o600 });
  const kind = note === null ? "-" : note === "by-node" ? "node" : placeholders.id;
  const head = `# ${key} ${word ?? "-"} ${kind} ${[record.tree, ...record.parents].join(" ")}\n`;
  writeWhole(
    files.prepared,
    Buffer.concat([Buffer.from(head), note instanceof Uint8Array ? note : Buffer.alloc(0)]),
  );
}

/** Nothing is prepared: a commit that is made now has no part in what was prepared for another. */
export function dropPrepared(gitDir: string): void {
  rmSync(commitFiles(gitDir).prepared, { force: true });
}

/** Undefined where it is gone or damaged; the commit is then attributed anew. */
export function readPreparedRecord(gitDir: string, key: string): PreparedRecord | undefined {
  if (!/^[0-9a-f]{24}$/.test(key)) return undefined;
  try {
    const record = JSON.parse(readFileSync(recordPath(commitFiles(gitDir), key), "utf8")) as PreparedRecord;
    const isWhole = [record.parents, record.files, record.agents, record.gaps].every(Array.isArray);
    return record.version === 1 && isWhole ? record : undefined;
  } catch {
    return undefined;
  }
}

export function dropPreparedRecord(gitDir: string, key: string): void {
  rmSync(recordPath(commitFiles(gitDir), key), { force: true });
}

function recordPath({ records }: CommitFiles, key: string): string {
  return join(records, `${key}.json`);
}

function writeWhole(path: string, content: string | Uint8Array): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, path);
}
