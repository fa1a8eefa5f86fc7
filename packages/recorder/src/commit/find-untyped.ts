// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  countOwnBytes,
  type RecordedFile,
  type RecordedRange,
} from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { type Repository, readObjects } from "@countersign/git";
import { toTextLines } from "../derive/target-file.ts";

/** Bytes of names of their own which no person types by chance just as an AI had written them. */
const TELLING_BYTES = 20;
const LARGEST_FILE = 4 * 1024 * 1024;

/**
 * Lines that a person seemed to type, and which an AI had written just so in this file, on another branch or in another work tree: they were
 * brought, by a patch or a copy. As records of the grade of what was seen, so that they count before it. A short line proves nothing. One
 * process, and none where nothing is contested.
 */
export async function findUntyped(
  repo: Repository,
  record: AssistanceRecord,
  lent: readonly AssistanceRecord[],
): Promise<readonly AssistanceRecord[]> {
  const contested = lent.map((one) => ({
    ...one,
    grade: "observed" as const,
    files: one.files.flatMap((file) => toContested(file, record)),
  }));
  const blobs = [...new Set(contested.flatMap(({ files }) => files.map(({ blob }) => blob)))];
  const texts = new Map<ObjectId, readonly string[]>();
  if (blobs.length === 0) return [];
  for await (const object of readObjects(repo, blobs, { maxBytes: LARGEST_FILE }))
    if (object.status === "read") texts.set(object.id, toTextLines(object.bytes) ?? []);
  const isTelling = ({ blob, ranges }: RecordedFile): boolean =>
    ranges.reduce((sum, { first }) => sum + countOwnBytes(texts.get(blob)?.[first - 1] ?? ""), 0) >=
    TELLING_BYTES;
  return contested.map((one) => ({ ...one, files: one.files.filter(isTelling) }));
}

/** One range for each line. */
function toContested(file: RecordedFile, { files }: AssistanceRecord): readonly RecordedFile[] {
  const own = files.find(({ path, blob }) => path === file.path && blob === file.blob);
  const typed = new Set(own?.ranges.filter(({ origin }) => origin === "human").flatMap(toNumbers));
  const ranges = file.ranges
    .filter((range) => range.origin === "ai" && range.extent === "generated" && range.evidence !== "inferred")
    .flatMap((range) =>
      toNumbers(range).flatMap((number, index) => {
        const fingerprints = range.fingerprints.slice(index, index + 1);
        return typed.has(number) ? [{ ...range, first: number, last: number, fingerprints }] : [];
      }),
    );
  return ranges.length === 0 ? [] : [{ ...file, ranges }];
}

function toNumbers({ first, last }: RecordedRange): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
