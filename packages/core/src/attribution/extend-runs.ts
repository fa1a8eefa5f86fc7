// SPDX-License-Identifier: Apache-2.0
import { ABSENT, type Run } from "./find-runs.ts";

/** Farther away a line is another one, and a long text is not gone through for every run. */
const REACH = 100;

/** A line `a` of a source that is line `b` of the target. */
export interface LinePair {
  readonly a: number;
  readonly b: number;
}

export interface ExtensionRequest {
  /** Numbers of lines; {@link ABSENT} equals nothing, and is no neighbour of anything. */
  readonly source: Int32Array;
  readonly target: Int32Array;
  /** Where a stretch of the target's lines came together, even if some take no part any more. */
  readonly isInBlock: (b: number) => boolean;
  readonly isSignificant: (id: number) => boolean;
}

/**
 * Lines that stood next to a run in the source and stand in the same block of the target, with others put between: both sides of
 * a conflict, one into the other. Significant ones only, none that is in a run, and none beyond 100 lines.
 */
export function extendRuns(
  runs: readonly Run[],
  { source, target, isInBlock, isSignificant }: ExtensionRequest,
): readonly LinePair[] {
  const usedA = new Set(runs.flatMap(({ a, length }) => range(a, length)));
  const usedB = new Set(runs.flatMap(({ b, length }) => range(b, length)));
  const pairs: LinePair[] = [];
  const extend = (from: LinePair, step: 1 | -1): void => {
    let { a, b } = from;
    for (;;) {
      a += step;
      const id = source[a] ?? ABSENT;
      if (id === ABSENT || usedA.has(a) || !isSignificant(id)) return;
      const end = b + step * REACH;
      do b += step;
      while (b !== end && isInBlock(b) && (target[b] !== id || usedB.has(b)));
      if (b === end || !isInBlock(b)) return;
      usedA.add(a);
      usedB.add(b);
      pairs.push({ a, b });
    }
  };
  for (const { a, b, length } of runs) {
    extend({ a, b }, -1);
    extend({ a: a + length - 1, b: b + length - 1 }, 1);
  }
  return pairs;
}

function range(start: number, length: number): readonly number[] {
  return Array.from({ length }, (_, index) => start + index);
}
