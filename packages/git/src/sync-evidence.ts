// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import { EVIDENCE_REF } from "./evidence-set.ts";
import { RECORDS_REF } from "./list-records.ts";
import { mergeNotes } from "./merge-notes.ts";
import { mergeRecords } from "./merge-records.ts";
import { GIT_AI_NOTES_REF } from "./note-path.ts";
import { readRef } from "./refs.ts";
import { fetchedTips, fetchShared, pushShared, type SharedRef, trackingRef } from "./sync-refs.ts";
import type { Repository } from "./types.ts";
import { type EvidenceWrite, isEvidenceSuperset, mergeEvidence } from "./write-evidence.ts";

/** Sign-offs and what else is signed. */
export const SHARED_EVIDENCE: SharedRef = toShared(EVIDENCE_REF);
/** What recorders know of commits. */
export const SHARED_RECORDS: SharedRef = { ref: RECORDS_REF, merge: mergeRecords };
export const SHARED_NOTES: SharedRef = { ref: GIT_AI_NOTES_REF, merge: mergeNotes };

function toShared(ref: RefName): SharedRef {
  return { ref, merge: (repo, theirs) => mergeEvidence(repo, theirs, ref) };
}

/** Unites the local set with a remote's; a remote without one changes nothing. Throws GIT_FAILED when it cannot be reached. */
export async function fetchEvidence(
  repo: Repository,
  remote: string,
  ref: RefName = EVIDENCE_REF,
): Promise<EvidenceWrite> {
  return collect(repo, ref, (shared) => fetchShared(repo, remote, [shared]));
}

/** Sends the local set to a remote, see {@link pushShared}. */
export async function pushEvidence(
  repo: Repository,
  remote: string,
  ref: RefName = EVIDENCE_REF,
): Promise<EvidenceWrite> {
  return collect(repo, ref, (shared) => pushShared(repo, remote, [shared]));
}

/** What all merges of one exchange found together. */
async function collect(
  repo: Repository,
  ref: RefName,
  exchange: (shared: SharedRef) => Promise<void>,
): Promise<EvidenceWrite> {
  const merges: EvidenceWrite[] = [];
  const merge = async (on: Repository, theirs: ObjectId): Promise<EvidenceWrite> => {
    const written = await mergeEvidence(on, theirs, ref);
    merges.push(written);
    return written;
  };
  await exchange({ ref, merge });
  const added = merges.reduce((sum, one) => sum + one.added, 0);
  return { tip: await readRef(repo, ref), added, problems: merges.at(-1)?.problems ?? [] };
}

export function evidenceTrackingRef(remote: string): RefName {
  return trackingRef(remote, EVIDENCE_REF);
}

/** Tips of all evidence that fetches brought, whether it was united with the local set or not. */
export async function fetchedEvidence(repo: Repository): Promise<readonly ObjectId[]> {
  return fetchedTips(repo, EVIDENCE_REF);
}

/** Whether this clone has evidence that the remote did not have when it was last asked. Without any network. */
export async function hasUnsharedEvidence(repo: Repository, remote: string): Promise<boolean> {
  const own = await readRef(repo, EVIDENCE_REF);
  if (own === undefined) return false;
  const theirs = await readRef(repo, evidenceTrackingRef(remote));
  return theirs === undefined || !(await isEvidenceSuperset(repo, own, theirs));
}
