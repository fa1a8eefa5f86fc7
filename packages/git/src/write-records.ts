// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import { sha256Of } from "./evidence-set.ts";
import type { EvidenceProblem } from "./evidence-tree.ts";
import { GitError } from "./git-error.ts";
import { importCommit } from "./import-commit.ts";
import { listRecords, RECORDS_REF } from "./list-records.ts";
import { isIdOf, MAX_RECORD_BYTES, recordPath } from "./record-path.ts";
import { readRef } from "./refs.ts";
import { swapUntilDone } from "./swap-ref.ts";
import type { Repository } from "./types.ts";

/** The bytes of one record and the commit it is about. */
export interface NewRecord {
  readonly commit: ObjectId;
  readonly bytes: Uint8Array;
}

export interface RecordWrite {
  /** Tip of the ref after the write; undefined while there is no record and no ref. */
  readonly tip: ObjectId | undefined;
  /** Records that were not there before. */
  readonly added: number;
  /** What a merged set held besides well-named files; not carried on. */
  readonly problems: readonly EvidenceProblem[];
}

/** Nobody's name and the epoch: the same union made by two machines is the same commit. */
export const RECORDS_IDENTITY = "countersign <noreply@countersign.invalid> 0 +0000";
export const RECORDS_MESSAGE = "countersign records\n";

/**
 * Adds records to the set; several writers at once all succeed, and a set of 100,000 costs no more than an empty one. Durable
 * once it resolves. Throws RECORD_TOO_LARGE, REF_CONTENDED.
 */
export async function addRecords(
  repo: Repository,
  records: readonly NewRecord[],
  ref: RefName = RECORDS_REF,
): Promise<RecordWrite> {
  const files = new Map(records.map((record) => [pathOf(repo, record), record]));
  return swapUntilDone(repo, ref, async () => {
    const tip = await readRef(repo, ref);
    const missing = await leaveOutKnown(repo, tip, files);
    if (missing.length === 0) return { tip, added: 0, problems: [] };
    const edits = missing.map(([path, { bytes }]) => ({ path, bytes }));
    const plan = { ref, tip, identity: RECORDS_IDENTITY, message: RECORDS_MESSAGE, edits };
    const written = await importCommit(repo, plan);
    return typeof written === "string" ? { tip: written, added: missing.length, problems: [] } : written;
  });
}

function pathOf(repo: Repository, { commit, bytes }: NewRecord): string {
  if (!isIdOf(repo, commit)) throw new RangeError(`${JSON.stringify(commit)} is no id in this repository`);
  if (bytes.length <= MAX_RECORD_BYTES) return recordPath(commit, sha256Of(bytes));
  const message = `the record of ${commit} has ${bytes.length} bytes, more than ${MAX_RECORD_BYTES}; leave out its fingerprints`;
  throw new GitError("RECORD_TOO_LARGE", message);
}

async function leaveOutKnown(
  repo: Repository,
  tip: ObjectId | undefined,
  files: ReadonlyMap<string, NewRecord>,
): Promise<readonly [string, NewRecord][]> {
  if (tip === undefined) return [...files];
  const listed = await listRecords(repo, tip, [...new Set([...files.values()].map(({ commit }) => commit))]);
  const isKnown = (path: string, { commit }: NewRecord) =>
    listed.get(commit)?.some(({ name }) => path.endsWith(`/${name}.json`)) === true;
  return [...files].filter(([path, record]) => !isKnown(path, record));
}
