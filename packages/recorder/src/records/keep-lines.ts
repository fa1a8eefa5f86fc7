// SPDX-License-Identifier: Apache-2.0
import type { RecordedRange } from "@countersign/core/attribution";

/** What is left of a range where only some of its lines (1-based) are meant, in as many parts as that takes. */
export function keepLines(
  range: RecordedRange,
  isMeant: (line: number) => boolean,
): readonly RecordedRange[] {
  const parts: { first: number; last: number; fingerprints: string[] }[] = [];
  for (const [index, print] of range.fingerprints.entries()) {
    const line = range.first + index;
    if (!isMeant(line)) continue;
    const open = parts.at(-1);
    if (open?.last === line - 1) {
      open.last = line;
      open.fingerprints.push(print);
    } else parts.push({ first: line, last: line, fingerprints: [print] });
  }
  return parts.map((part) => ({ ...range, ...part }));
}
