// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, mergeRecords, type RecordedRange } from "@countersign/core/attribution";
import type { Repository } from "@countersign/git";
import { deriveRecords } from "../derive/derive-records.ts";
import { deriveFromSiblings } from "./derive-from-siblings.ts";
import { findUntyped } from "./find-untyped.ts";
import { isOwnCommit } from "./read-head-log.ts";
import type { RecordedMade, SeenCommit } from "./record-made.ts";

/** Whether anything is known of the commit by which another one's lines could be told. */
export function isKnown({ record }: RecordedMade): boolean {
  return record.files.length + record.agents.length > 0;
}

/**
 * What other commits' records, and recorders of other work trees, say of commits that are open; those must be written by now that are
 * to lend.
 */
export async function addDerived(
  repo: Repository,
  seen: readonly SeenCommit[],
): Promise<readonly RecordedMade[]> {
  const open = seen.filter(({ isOpen }) => isOpen);
  const own = open.map(({ record }) => record);
  const siblings = await deriveFromSiblings(repo, own);
  const { records } = await deriveRecords(
    repo,
    own.map(({ commit }) => commit),
    { formerly: open.flatMap(({ formerly }) => formerly) },
  );
  const whole: RecordedMade[] = [];
  for (const one of seen) {
    const { commit, coverage } = one.record;
    const lent = [records.get(commit), siblings.get(commit)].filter((record) => record !== undefined);
    if (lent.length > 0) whole.push({ ...one, record: await withDerived(repo, one, lent) });
    else if (isKnown(one) || isOwnMade(one) || coverage.isWhole) whole.push(one);
  }
  return whole;
}

/** Of a commit that Git made from another, and of which nothing is known, there is nothing to say. */
function isOwnMade({ made: { move, isSeen } }: SeenCommit): boolean {
  return move === undefined ? isSeen : isOwnCommit(move) || move.action.startsWith("merge");
}

/**
 * One record of all: an AI's lines that a person seemed to type, and what was seen here; where that says nothing, what others lend; and
 * last what was only inferred here.
 */
async function withDerived(
  repo: Repository,
  seen: SeenCommit,
  lent: readonly AssistanceRecord[],
): Promise<AssistanceRecord> {
  const { record } = seen;
  const only = (isMeant: (range: RecordedRange) => boolean) =>
    record.files
      .map((file) => ({ ...file, ranges: file.ranges.filter(isMeant) }))
      .filter(({ ranges }) => ranges.length > 0);
  const inDoubt = ({ origin, evidence }: RecordedRange) => origin === "human" && evidence === "inferred";
  const merged = mergeRecords([
    { ...record, files: only((range) => !inDoubt(range)) },
    ...(await findUntyped(repo, record, lent)),
    ...lent,
    { ...record, files: only(inDoubt), grade: "inferred" },
  ]);
  const [best = record] = lent;
  return { ...merged, grade: isKnown(seen) ? "observed" : best.grade, coverage: record.coverage };
}
