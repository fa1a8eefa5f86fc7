// SPDX-License-Identifier: Apache-2.0
import { internLines } from "./intern-lines.ts";
import type { LineHunk } from "./line-hunk.ts";
import { type ChangeMarks, markChanges } from "./mark-changes.ts";
import { type IsSeam, slideHunks } from "./slide-hunks.ts";
import { splitUnbalanced } from "./split-unbalanced.ts";

/**
 * What changed between two texts, ascending, never touching: all lines outside the hunks are equal in order. Shortest
 * but for inputs that would take too long; where a hunk could stand in several places, it stands where blocks begin
 * and end. `isSeam` marks lines of `a` where another origin begins: good places for a hunk's edge.
 */
export function diffLines(a: readonly string[], b: readonly string[], isSeam?: IsSeam): readonly LineHunk[] {
  const start = countEqual(a, b, 0, (line, index) => line[index]);
  const end = countEqual(a, b, start, (line, index) => line[line.length - 1 - index]);
  const interned = internLines(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const hunks = toHunks(markChanges(interned.a, interned.b, interned.count), start);
  return splitUnbalanced(a, b, slideHunks(a, b, hunks, isSeam));
}

/** How many lines are equal from one end on; the first `taken` of the shorter text are spoken for. */
function countEqual(
  a: readonly string[],
  b: readonly string[],
  taken: number,
  at: (lines: readonly string[], index: number) => string | undefined,
): number {
  const most = Math.min(a.length, b.length) - taken;
  let count = 0;
  while (count < most && at(a, count) === at(b, count)) count++;
  return count;
}

function toHunks(marks: ChangeMarks, offset: number): LineHunk[] {
  const hunks: LineHunk[] = [];
  for (let i = 0, j = 0; i < marks.a.length || j < marks.b.length; i++, j++) {
    const [aStart, bStart] = [i + offset, j + offset];
    while (marks.a[i] === 1) i++;
    while (marks.b[j] === 1) j++;
    if (i + offset > aStart || j + offset > bStart)
      hunks.push({ aStart, aEnd: i + offset, bStart, bEnd: j + offset });
  }
  return hunks;
}
