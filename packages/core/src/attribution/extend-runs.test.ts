// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { extendRuns } from "./extend-runs.ts";

/** Numbers from 1; 0 takes no part, and stands in no block of the target. */
function extend(source: readonly number[], target: readonly number[], trivial: readonly number[] = []) {
  const run = { a: source.indexOf(9), b: target.indexOf(9), length: 1 };
  const toIds = (numbers: readonly number[]) => Int32Array.from(numbers, (number) => number - 1);
  return extendRuns([run], {
    ...{ source: toIds(source), target: toIds(target) },
    isInBlock: (b) => (target[b] ?? 0) > 0,
    isSignificant: (id) => !trivial.includes(id + 1),
  });
}

const between = (count: number) => Array.from({ length: count }, () => 7);

test("neighbours on both sides are found over what was put between", () => {
  expect(extend([1, 2, 9, 3], [1, 7, 2, 7, 9, 7, 3])).toEqual([
    { a: 1, b: 2 },
    { a: 0, b: 0 },
    { a: 3, b: 6 },
  ]);
});

test("what was no neighbour, is trivial, or stands in another block is not", () => {
  expect(extend([1, 4, 9], [1, 7, 9])).toEqual([]);
  expect(extend([1, 9], [1, 7, 9], [1])).toEqual([]);
  expect(extend([1, 9], [1, 0, 9])).toEqual([]);
});

test("a neighbour is looked for within 100 lines", () => {
  expect(extend([1, 9], [1, ...between(98), 9])).toEqual([{ a: 0, b: 0 }]);
  expect(extend([1, 9], [1, ...between(99), 9])).toEqual([]);
});
