// SPDX-License-Identifier: Apache-2.0

/** Lines of a file; 1-based, both ends inclusive. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** A stretch of lines and the range that shows there. */
export interface PaintedRange<T extends LineRange> extends LineRange {
  readonly range: T;
}

/**
 * What shows when ranges are painted over one another in their order, ascending and without overlaps. The last paints
 * first here and every piece is painted once: a chain of links skips what is painted, so that a record of overlapping
 * ranges costs no more than an honest one.
 */
export function paintRanges<T extends LineRange>(ranges: readonly T[]): readonly PaintedRange<T>[] {
  const cuts = [...new Set(ranges.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b);
  const owners = paint(ranges, new Map(cuts.map((line, index) => [line, index])), cuts.length);
  const painted: PaintedRange<T>[] = [];
  for (let start = 0; start < owners.length; ) {
    const owner = owners[start] ?? -1;
    let end = start + 1;
    while (end < owners.length && owners[end] === owner) end++;
    const range = ranges[owner];
    const [first, after] = [cuts[start], cuts[end]];
    start = end;
    if (range !== undefined && first !== undefined && after !== undefined)
      painted.push({ first, last: after - 1, range });
  }
  return painted;
}

/** Owner of each piece between two cuts, -1 for none. */
function paint(ranges: readonly LineRange[], at: ReadonlyMap<number, number>, count: number): Int32Array {
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
