// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  mergeRecords,
  type RecordedFile,
  type RecordedRange,
} from "@countersign/core/attribution";
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

/** What others say of a commit; at least one of the two. */
interface Lent {
  /** Other commits' records, held against what was seen here. */
  readonly derived: AssistanceRecord | undefined;
  /** Recorders of other work trees. */
  readonly sibling: AssistanceRecord | undefined;
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
    { sightings: open.flatMap(({ sightings }) => sightings) },
  );
  const whole: RecordedMade[] = [];
  for (const one of seen) {
    const { commit, coverage } = one.record;
    const lent = { derived: records.get(commit), sibling: siblings.get(commit) };
    if (lent.derived !== undefined || lent.sibling !== undefined)
      whole.push({ ...one, record: await withDerived(repo, one, lent) });
    else if (isKnown(one) || isOwnMade(one) || coverage.isWhole) whole.push(one);
  }
  return whole;
}

/** Of a commit that Git made from another, and of which nothing is known, there is nothing to say. */
function isOwnMade({ made: { move, isSeen } }: SeenCommit): boolean {
  return move === undefined ? isSeen : isOwnCommit(move) || move.action.startsWith("merge");
}

/**
 * One record of all: what was seen here, but for an AI's lines that a person seemed to type; where that says nothing, what others lend;
 * and last what was only inferred here.
 */
async function withDerived(
  repo: Repository,
  seen: SeenCommit,
  { derived, sibling }: Lent,
): Promise<AssistanceRecord> {
  const { record } = seen;
  const only = (isMeant: (range: RecordedRange) => boolean) =>
    record.files
      .map((file) => ({ ...file, ranges: file.ranges.filter(isMeant) }))
      .filter(({ ranges }) => ranges.length > 0);
  const inDoubt = ({ origin, evidence }: RecordedRange) => origin === "human" && evidence === "inferred";
  const sure = only((range) => !inDoubt(range));
  const lent = [derived, sibling].filter((one) => one !== undefined);
  const merged = mergeRecords([
    { ...record, files: withoutCorrected(sure, derived?.files ?? []) },
    ...(sibling === undefined ? [] : await findUntyped(repo, record, [sibling])),
    ...lent,
    { ...record, files: only(inDoubt), grade: "inferred" },
  ]);
  const [best = record] = lent;
  return { ...merged, grade: isKnown(seen) ? "observed" : best.grade, coverage: record.coverage };
}

/** Without the lines that looked like a person's and are an AI's by another record. */
function withoutCorrected(
  files: readonly RecordedFile[],
  derived: readonly RecordedFile[],
): readonly RecordedFile[] {
  return files
    .map((file) => {
      const found = derived.filter(({ path }) => path === file.path).flatMap(({ ranges }) => ranges);
      const isAi = (line: number) =>
        found.some(({ origin, first, last }) => origin === "ai" && first <= line && line <= last);
      return {
        ...file,
        ranges: file.ranges.flatMap((range) =>
          range.origin === "human" ? toLines(range).filter(({ first }) => !isAi(first)) : [range],
        ),
      };
    })
    .filter(({ ranges }) => ranges.length > 0);
}

function toLines(range: RecordedRange): readonly RecordedRange[] {
  return range.fingerprints.map((print, index) => {
    const line = range.first + index;
    return { ...range, first: line, last: line, fingerprints: [print] };
  });
}
