// SPDX-License-Identifier: Apache-2.0
import type { Box } from "./middle-snake.ts";

/** A line of `a` and a line of `b` that belong together. */
export interface Anchor {
  readonly a: number;
  readonly b: number;
}

/**
 * The longest ascending chain of lines that stand exactly once in either side of the box (Bram Cohen's "patience"):
 * what a person would call the same lines. `counts` has one zero for each number and is left so.
 */
export function findUniqueAnchors(a: Int32Array, b: Int32Array, box: Box, counts: Int32Array): Anchor[] {
  const { aStart, aEnd, bStart, bEnd } = box;
  const MANY = 1 << 20;
  for (let i = aStart; i < aEnd; i++) counts[a[i] as number] = (counts[a[i] as number] as number) + 1;
  for (let j = bStart; j < bEnd; j++) counts[b[j] as number] = (counts[b[j] as number] as number) + MANY;
  const positions = new Map<number, number>();
  for (let i = aStart; i < aEnd; i++)
    if (counts[a[i] as number] === MANY + 1) positions.set(a[i] as number, i);
  const pairs: Anchor[] = [];
  for (let j = bStart; j < bEnd; j++) {
    const i = positions.get(b[j] as number);
    if (i !== undefined) pairs.push({ a: i, b: j });
  }
  for (let i = aStart; i < aEnd; i++) counts[a[i] as number] = 0;
  for (let j = bStart; j < bEnd; j++) counts[b[j] as number] = 0;
  return takeLongestChain(pairs);
}

/** Of pairs ascending in `b` without two of one `a`, the most that ascend in `a` too. */
export function takeLongestChain<T extends Anchor>(pairs: readonly T[]): T[] {
  const before = new Int32Array(pairs.length).fill(-1);
  const ends: number[] = [];
  for (const [index, pair] of pairs.entries()) {
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] as number] as T).a < pair.a) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[index] = ends[low - 1] as number;
    ends[low] = index;
  }
  const chain: T[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] as number) chain.push(pairs[at] as T);
  return chain.reverse();
}
