// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, parseObjectId, type RefName, type Sha256 } from "@countersign/core/ids";
import { listEntries } from "./list-notes.ts";
import type { Repository } from "./types.ts";

/** What recorders know of commits: `<2 hex>/<rest of the commit's id>/<sha256 of the bytes>.json`. */
export const RECORDS_REF: RefName = "refs/countersign/records";

/** A record's file; the name is what its bytes have to hash to. */
export interface RecordFile {
  readonly name: Sha256;
  readonly id: ObjectId;
}

const PATH = /^([0-9a-f]{2}\/[0-9a-f]+)\/([0-9a-f]{64})\.json$/;
/** More commits than this are picked from the whole listing. */
const MOST_PATTERNS = 1000;

/** Records of a record set's commit by the commit they are about; with `commits`, only theirs. Contents are not read. */
export async function listRecords(
  repo: Repository,
  tip: ObjectId,
  commits?: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, readonly RecordFile[]>> {
  const records = new Map<ObjectId, RecordFile[]>();
  if (commits?.length === 0) return records;
  const isFew = commits !== undefined && commits.length <= MOST_PATTERNS;
  const wanted = commits === undefined ? undefined : new Set(commits);
  for (const { path, id } of await listEntries(repo, tip, isFew ? commits.map(folderOf) : [])) {
    const [, folder = "", name = ""] = PATH.exec(path) ?? [];
    const commit = folder.replace("/", "");
    if (!isObjectId(commit) || wanted?.has(commit) === false) continue;
    const known = records.get(commit) ?? [];
    if (known.length === 0) records.set(commit, known);
    known.push({ name, id });
  }
  return records;
}

function folderOf(commit: ObjectId): string {
  return `${parseObjectId(commit).slice(0, 2)}/${commit.slice(2)}`;
}
