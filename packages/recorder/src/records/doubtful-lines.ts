// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  mergeRecords,
  type RecordedFile,
  type RecordedRange,
} from "@countersign/core/attribution";

/** A person changed it, and nobody knew whose it had been: a record that came later, or from another machine, may know. */
export function isDoubtful({ origin, evidence }: Pick<RecordedRange, "origin" | "evidence">): boolean {
  return origin === "human" && evidence === "inferred";
}

export function hasDoubtful({ files }: Pick<AssistanceRecord, "files">): boolean {
  return files.some(({ ranges }) => ranges.some(isDoubtful));
}

/** The record without what it only guesses. */
export function withoutDoubtful(record: AssistanceRecord): AssistanceRecord {
  return { ...record, files: keepRanges(record.files, (range) => !isDoubtful(range)) };
}

/** One record of all: what was seen; where that says nothing, what other records lend; and last what is doubtful. */
export function mergeDoubtfulLast(
  record: AssistanceRecord,
  ...lent: readonly AssistanceRecord[]
): AssistanceRecord {
  return mergeRecords([
    withoutDoubtful(record),
    ...lent,
    { ...record, files: keepRanges(record.files, isDoubtful), grade: "inferred" },
  ]);
}

/** The same, as well known and as whole as the record itself. */
export function withDerived(
  record: AssistanceRecord,
  ...lent: readonly AssistanceRecord[]
): AssistanceRecord {
  return { ...mergeDoubtfulLast(record, ...lent), grade: record.grade, coverage: record.coverage };
}

function keepRanges(
  files: readonly RecordedFile[],
  isMeant: (range: RecordedRange) => boolean,
): readonly RecordedFile[] {
  return files
    .map((file) => ({ ...file, ranges: file.ranges.filter(isMeant) }))
    .filter(({ ranges }) => ranges.length > 0);
}
