// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentRef, CoverageGap, RecordedFile } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { readOwnFile } from "../capture/own-file.ts";
import { drawDigits } from "../hash-bytes.ts";
import type { SeenPath } from "./attribute-commit.ts";
import { type CommitFiles, commitFiles } from "./commit-files.ts";

/** A record that lacks the name of its commit, for the commit does not exist yet. */
export interface PreparedRecord {
  readonly version: 1;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly files: readonly RecordedFile[];
  readonly agents: readonly AgentRef[];
  readonly gaps: readonly CoverageGap[];
  /** Lines of the commit are no AI's that is known, or were not looked at while Git waited; other records may know them. */
  readonly isOpen: boolean;
  /** Left out by a recorder that did not tell. */
  readonly seen?: readonly SeenPath[];
}

function createKey(): string {
  return drawDigits(12);
}

/**
 * Leaves a commit for the hook that Git calls once it is made. Crash argument: the record is whole before the hook's file names
 * it; without the latter the commit is found by the reflog, and attributed from what the journal has.
 */
export function keepPrepared(gitDir: string, record: PreparedRecord): void {
  const files = commitFiles(gitDir);
  const key = createKey();
  mkdirSync(files.records, { recursive: true, mode: 0o700 });
  writeFileSync(recordPath(files, key), JSON.stringify(record), { mode: 0o600 });
  if (record.agents.length > 0) writeFileSync(files.recorded, "", { flag: "a", mode: 0o600 });
  const draft = `${files.prepared}.${process.pid}`;
  writeFileSync(draft, `# ${key}\n`, { mode: 0o600 });
  renameSync(draft, files.prepared);
}

/** Nothing is prepared: a commit that is made now has no part in what was prepared for another. */
export function dropPrepared(gitDir: string): void {
  rmSync(commitFiles(gitDir).prepared, { force: true });
}

/** Undefined where it is gone or damaged; the commit is then attributed anew. */
export function readPreparedRecord(gitDir: string, key: string): PreparedRecord | undefined {
  if (!/^[0-9a-f]{24}$/.test(key)) return undefined;
  try {
    const record = JSON.parse(String(readOwnFile(recordPath(commitFiles(gitDir), key)))) as PreparedRecord;
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
