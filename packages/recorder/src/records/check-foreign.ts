// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  type CommittedFile,
  checkForeignRecord,
  type ForeignRecord,
} from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type ParentedChange, type Repository, readParentedChanges } from "@countersign/git";
import { readTargets } from "../derive/read-targets.ts";
import { hashBytes } from "../hash-bytes.ts";
import type { CommitIdentity } from "./findings.ts";

type Foreign = ReadonlyMap<ObjectId, readonly ForeignRecord[]>;
type Files = ReadonlyMap<RepoPath, CommittedFile>;

/** Foreign records held against what their commits really added. Two processes, whatever their number. */
export async function checkForeign(
  repo: Repository,
  foreign: Foreign,
  commits: ReadonlyMap<ObjectId, CommitIdentity>,
): Promise<ReadonlyMap<ObjectId, readonly AssistanceRecord[]>> {
  const changes = await readNamedChanges(repo, foreign);
  const checked = new Map<ObjectId, readonly AssistanceRecord[]>();
  for await (const target of readTargets(repo, changes)) {
    const texts = new Map(target.files.map((file) => [file.path, file]));
    const own = (changes.get(target.id) ?? []).map(({ path, id }): [RepoPath, CommittedFile] => {
      const text = texts.get(path);
      const isAdded = (index: number) => text?.isAdded[index] === 1;
      return [path, { blob: id, lines: text?.lines, isAdded }];
    });
    // Of the texts only fingerprints are kept, so one commit's files are in memory at a time.
    checked.set(target.id, check(foreign, commits, target.id, new Map(own)));
  }
  for (const id of foreign.keys())
    if (!checked.has(id)) checked.set(id, check(foreign, commits, id, new Map()));
  return checked;
}

function check(
  foreign: Foreign,
  commits: ReadonlyMap<ObjectId, CommitIdentity>,
  id: ObjectId,
  files: Files,
): readonly AssistanceRecord[] {
  const commit = commits.get(id);
  if (commit === undefined) return [];
  return (foreign.get(id) ?? []).map((record) =>
    checkForeignRecord(record, { commit, files, hash: hashBytes }),
  );
}

/** Of each commit the paths that a record names; the rest of a large commit need not be read. */
async function readNamedChanges(
  repo: Repository,
  foreign: Foreign,
): Promise<ReadonlyMap<ObjectId, readonly ParentedChange[]>> {
  const named = new Map(
    [...foreign].map(([id, records]) => [
      id,
      new Set(records.flatMap((record) => record.files.map((file) => file.path))),
    ]),
  );
  const changes = new Map<ObjectId, readonly ParentedChange[]>();
  const asked = [...named].filter(([, paths]) => paths.size > 0).map(([id]) => id);
  for await (const { id, changes: own } of readParentedChanges(repo, asked))
    changes.set(
      id,
      own.filter((change) => named.get(id)?.has(change.path) === true && !/^0+$/.test(change.id)),
    );
  return changes;
}
