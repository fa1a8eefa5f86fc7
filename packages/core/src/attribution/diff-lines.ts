// SPDX-License-Identifier: Apache-2.0
import { internLines } from "./intern-lines.ts";
import { type ChangeMarks, markChanges } from "./mark-changes.ts";
import { type IsSeam, slideHunks } from "./slide-hunks.ts";
import { splitUnbalanced } from "./split-unbalanced.ts";

/** Lines `aStart..aEnd` of one text stand as `bStart..bEnd` in the other; 0-based, half-open. One side may be empty. */
export interface LineHunk {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

/**
 * What changed between two texts, ascending, never touching: all lines outside the hunks are equal in order. Shortest
 * but for inputs that would take too long; where a hunk could stand in several places, it stands where blocks begin
 * and end. `isSeam` marks lines of `a` where another origin begins: good places for a hunk's edge.
 */
export function diffLines(a: readonly string[], b: readonly string[], isSeam?: IsSeam): readonly LineHunk[] {
  const interned = internLines(a, b);
  const marks = markChanges(interned.a, interned.b, interned.count);
  return splitUnbalanced(a, b, slideHunks(a, b, toHunks(marks), isSeam));
}

export function toHunks(marks: ChangeMarks): LineHunk[] {
  const hunks: LineHunk[] = [];
  for (let i = 0, j = 0; i < marks.a.length || j < marks.b.length; i++, j++) {
    const [aStart, bStart] = [i, j];
    while (marks.a[i] === 1) i++;
    while (marks.b[j] === 1) j++;
    if (i > aStart || j > bStart) hunks.push({ aStart, aEnd: i, bStart, bEnd: j });
  }
  return hunks;
}
