// SPDX-License-Identifier: Apache-2.0
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
  const cuts = [...new Set(byWeight.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b);
  const owners = paint(byWeight, new Map(cuts.map((line, index) => [line, index])), cuts.length);
  const laid: ForeignRange[] = [];
  for (let start = 0; start < owners.length; ) {
    const owner = owners[start] ?? -1;
    let end = start + 1;
    while (end < owners.length && owners[end] === owner) end++;
    const range = byWeight[owner];
    const [first, after] = [cuts[start], cuts[end]];
    start = end;
    if (range === undefined || first === undefined || after === undefined) continue;
    laid.push({ ...range, first, last: after - 1, proofs: range.proofs.slice(first - range.first) });
  }
  return laid;
}

function weighOrigin(range: ForeignRange): number {
  return range.origin === "ai" ? 1 : 0;
}

/**
 * Owner of each piece between two cuts, -1 for none. The heaviest paints first and every piece is painted once: a chain of
 * links skips what is painted, so that a record of overlapping ranges costs no more than an honest one.
 */
function paint(ranges: readonly ForeignRange[], at: ReadonlyMap<number, number>, count: number): Int32Array {
  const owners = new Int32Array(count).fill(-1);
  const next = Int32Array.from({ length: count + 1 }, (_, index) => index);
  const findFree = (start: number): number => {
    let index = start;
    while (next[index] !== index) {
      next[index] = next[next[index] ?? index] ?? index;
      index = next[index] ?? index;
    }
    return index;
  };
  for (let owner = ranges.length - 1; owner >= 0; owner--) {
    const range = ranges[owner];
    const end = at.get((range?.last ?? 0) + 1) ?? 0;
    for (let index = findFree(at.get(range?.first ?? 0) ?? 0); index < end; index = findFree(index)) {
      owners[index] = owner;
      next[index] = index + 1;
    }
  }
  return owners;
}
