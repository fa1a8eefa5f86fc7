// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, mergeRecords, type RecordedRange } from "@countersign/core/attribution";
import { keepRanges } from "./keep-ranges.ts";

/** A person changed it, and nobody knew whose it had been: a record that came later, or from another machine, may know. */
export function isDoubtful({ origin, evidence }: Pick<RecordedRange, "origin" | "evidence">): boolean {
  return origin === "human" && evidence === "inferred";
}

export function hasDoubtful({ files }: Pick<AssistanceRecord, "files">): boolean {
  return files.some(({ ranges }) => ranges.some(isDoubtful));
}

/** One record of all: what was seen; where that says nothing, what other records lend; and last what is doubtful. */
export function mergeDoubtfulLast(
  record: AssistanceRecord,
  ...lent: readonly AssistanceRecord[]
): AssistanceRecord {
  return mergeRecords([
    { ...record, files: keepRanges(record.files, (range) => !isDoubtful(range)) },
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
