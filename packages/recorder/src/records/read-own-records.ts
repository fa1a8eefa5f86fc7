// SPDX-License-Identifier: Apache-2.0
import { hash } from "node:crypto";
import type { AssistanceRecord } from "@countersign/core/attribution";
import { CoreError, type ObjectId, type Sha256 } from "@countersign/core/ids";
import type { Warning } from "@countersign/core/trailers";
import { type Repository, readObjects } from "@countersign/git";
import type { CommitIdentity, Findings } from "./findings.ts";
import { startGroups } from "./group-by.ts";
import { parseRecordOnce } from "./parse-once.ts";
import { listAsked, type RecordListings } from "./record-listings.ts";

/**
 * Our own records of the given commits from several sets. A record is void where its bytes are not what its name says, or where
 * it was made for another commit or tree: somebody copied it, or damaged it, and each case is a warning.
 */
export async function readOwnRecords(
  repo: Repository,
  sets: readonly ObjectId[],
  commits: ReadonlyMap<ObjectId, CommitIdentity>,
  listings = listAsked(repo),
): Promise<Findings> {
  const files = await listFiles(listings, sets, [...commits.keys()]);
  const records = startGroups<ObjectId, AssistanceRecord>();
  const warnings = startGroups<ObjectId, Warning>();
  for await (const object of readObjects(repo, [...files.keys()], { maxBytes: MOST_BYTES })) {
    for (const { commit, name } of files.get(object.id) ?? []) {
      const read = object.status === "read" ? readRecord(object, name, commits.get(commit)) : NOT_READ;
      if ("code" in read) warnings.add(commit, read);
      else records.add(commit, read);
    }
  }
  return { records: records.map, warnings: warnings.map };
}

/** Larger than any record that we write. */
const MOST_BYTES = 16 * 1024 * 1024;

interface Place {
  readonly commit: ObjectId;
  readonly name: Sha256;
}

/** By blob, so that what stands in several sets is read once. */
async function listFiles(
  listings: RecordListings,
  sets: readonly ObjectId[],
  commits: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, readonly Place[]>> {
  const files = startGroups<ObjectId, Place>();
  for (const set of sets) {
    for (const [commit, listed] of await listings.records(set, commits)) {
      for (const { id, name } of listed) {
        const known = files.map.get(id)?.some((place) => place.commit === commit && place.name === name);
        if (known !== true) files.add(id, { commit, name });
      }
    }
  }
  return files.map;
}

const NOT_READ: Warning = {
  code: "record-unreadable",
  message: "A record of this commit is missing or too large; fetch refs/countersign/records again.",
};

function readRecord(
  { id, bytes }: { readonly id: ObjectId; readonly bytes: Uint8Array },
  name: Sha256,
  commit: CommitIdentity | undefined,
): AssistanceRecord | Warning {
  if (hash("sha256", bytes, "hex") !== name)
    return {
      code: "record-corrupt",
      message: "A record of this commit does not hash to its name and was not used.",
    };
  try {
    const record = parseRecordOnce(id, bytes);
    if (commit !== undefined && record.commit === commit.id && record.tree === commit.tree) return record;
    const message = `A record that was made for commit ${record.commit.slice(0, 12)} with another tree stands here and is void.`;
    return { code: "record-of-another-commit", message };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { code: "record-malformed", message: `A record of this commit cannot be read: ${error.message}.` };
  }
}
