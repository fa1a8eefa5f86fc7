// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord, RecordedFile, RecordedRange } from "@countersign/core/attribution";
import type { Repository } from "@countersign/git";
import { deriveRecords } from "../derive/derive-records.ts";
import { withDerived } from "../records/doubtful-lines.ts";
import type { MadeCommit } from "./find-made-commits.ts";
import { isOwnCommit } from "./read-head-log.ts";
import type { RecordedMade, SeenCommit } from "./record-made.ts";

/** Whether anything is known of the commit by which another one's lines could be told. */
export function isKnown({ record }: RecordedMade): boolean {
  return record.files.length + record.agents.length > 0;
}

/** What other commits' records say of commits that are open; those must be written by now that are to lend. */
export async function addDerived(
  repo: Repository,
  seen: readonly SeenCommit[],
): Promise<readonly RecordedMade[]> {
  const open = seen.filter(({ isOpen }) => isOpen);
  const { records } = await deriveRecords(
    repo,
    open.map(({ record }) => record.commit),
    { sightings: open.flatMap(({ sightings }) => sightings) },
  );
  return seen.flatMap((one): readonly RecordedMade[] => {
    const derived = records.get(one.record.commit);
    if (derived !== undefined) return [{ ...one, record: joinDerived(one, derived) }];
    return isKnown(one) || isOwnMade(one.made) || one.record.coverage.isWhole ? [one] : [];
  });
}

/** Of a commit that Git made from another, and of which nothing is known, there is nothing to say. */
function isOwnMade({ move, isSeen }: MadeCommit): boolean {
  return move === undefined ? isSeen : isOwnCommit(move) || move.action.startsWith("merge");
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

/** What was seen here and what other records lend, which may know better. */
function joinDerived(seen: SeenCommit, derived: AssistanceRecord): AssistanceRecord {
  const { record } = seen;
  const corrected = { ...record, files: withoutCorrected(record.files, derived.files) };
  return { ...withDerived(corrected, derived), grade: isKnown(seen) ? "observed" : derived.grade };
}
