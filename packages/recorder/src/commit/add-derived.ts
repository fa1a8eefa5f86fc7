// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord, RecordedFile } from "@countersign/core/attribution";
import type { Repository } from "@countersign/git";
import { deriveRecords } from "../derive/derive-records.ts";
import { withDerived } from "../records/doubtful-lines.ts";
import { keepLines } from "../records/keep-lines.ts";
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
      whole.push({ ...one, record: await joinLent(repo, one, lent) });
    else if (isKnown(one) || isOwnMade(one) || coverage.isWhole) whole.push(one);
  }
  return whole;
}

/** Of a commit that Git made from another, and of which nothing is known, there is nothing to say. */
function isOwnMade({ made: { move, isSeen } }: SeenCommit): boolean {
  return move === undefined ? isSeen : isOwnCommit(move) || move.action.startsWith("merge");
}

/** What was seen here, but for an AI's lines that a person seemed to type, and what others lend, which may know better. */
async function joinLent(
  repo: Repository,
  seen: SeenCommit,
  { derived, sibling }: Lent,
): Promise<AssistanceRecord> {
  const { record } = seen;
  const corrected = { ...record, files: withoutCorrected(record.files, derived?.files ?? []) };
  const untyped = sibling === undefined ? [] : await findUntyped(repo, record, [sibling]);
  const lent = [derived, sibling].filter((one) => one !== undefined);
  const [best = record] = lent;
  return { ...withDerived(corrected, ...untyped, ...lent), grade: isKnown(seen) ? "observed" : best.grade };
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
          range.origin === "human" ? keepLines(range, (line) => !isAi(line)) : [range],
        ),
      };
    })
    .filter(({ ranges }) => ranges.length > 0);
}
