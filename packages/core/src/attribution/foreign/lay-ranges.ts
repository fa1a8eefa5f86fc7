// SPDX-License-Identifier: Apache-2.0
import { paintRanges } from "../paint-ranges.ts";
import type { ForeignRange } from "./foreign-record.ts";

/**
 * The same claims ascending and without overlaps. Where two claim a line, the one of more weight stands: AI outweighs human
 * unless the format says otherwise. Among equals the later one stands, as these tools themselves read their records.
 */
export function layRanges(
  ranges: readonly ForeignRange[],
  weightOf: (range: ForeignRange) => number = weighOrigin,
): readonly ForeignRange[] {
  const byWeight = [...ranges].sort((a, b) => weightOf(a) - weightOf(b));
  return paintRanges(byWeight).map(({ first, last, range }) => ({
    ...range,
    first,
    last,
    proofs: range.proofs.slice(first - range.first),
  }));
}

function weighOrigin(range: ForeignRange): number {
  return range.origin === "ai" ? 1 : 0;
}
