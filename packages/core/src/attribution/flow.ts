// SPDX-License-Identifier: Apache-2.0
import { isLetter, toFlowText } from "./line-key.ts";

/** Several lines as one text, and where in it each begins and ends. */
export interface Flow {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Flow of `lines[start..end]`; two words that meet at a line's end keep a blank between them. */
export function toFlow(lines: readonly string[], start: number, end: number): Flow {
  const [starts, ends]: [number[], number[]] = [[], []];
  const parts: string[] = [];
  let length = 0;
  let last = "";
  for (let i = start; i < end; i++) {
    const flow = toFlowText(lines[i] as string);
    if (flow !== "" && isLetter(last) && isLetter(flow[0])) {
      parts.push(" ");
      length++;
    }
    starts.push(length);
    parts.push(flow);
    length += flow.length;
    ends.push(length);
    if (flow !== "") last = flow.at(-1) as string;
  }
  return { text: parts.join(""), starts, ends };
}

/** Characters that must agree before two places are compared in full. */
const SEED = 6;
/** A beginning that more lines have in common is no use to find one. */
const MOST_PLACES = 64;

/** How the flow goes on from the start of a line; empty where the line has nothing of its own. */
export function seedAt(flow: Flow, line: number): string {
  const start = flow.starts[line] as number;
  return start === flow.ends[line] ? "" : flow.text.slice(start, start + SEED);
}

/** Lines by their seed, ascending. */
export function indexSeeds(flow: Flow): ReadonlyMap<string, readonly number[]> {
  const seeds = new Map<string, number[]>();
  for (let i = 0; i < flow.starts.length; i++) {
    const seed = seedAt(flow, i);
    const known = seeds.get(seed);
    if (known === undefined) seeds.set(seed, [i]);
    else if (known.length < MOST_PLACES) known.push(i);
  }
  return seeds;
}

/** Steps that may still be taken. */
export interface Budget {
  steps: number;
}

/**
 * Where both flows, equal from the starts of lines i and j on, first end a line together: how many lines of either side
 * there are up to that place. Undefined where they differ before.
 */
export function findCommonEnd(
  [a, i]: readonly [Flow, number],
  [b, j]: readonly [Flow, number],
  budget: Budget,
): readonly [number, number] | undefined {
  let p = a.starts[i] as number;
  let q = b.starts[j] as number;
  let [x, y] = [i, j];
  while (p < a.text.length && q < b.text.length && a.text[p] === b.text[q] && budget.steps-- > 0) {
    p++;
    q++;
    while (x < a.ends.length && (a.ends[x] as number) < p) x++;
    while (y < b.ends.length && (b.ends[y] as number) < q) y++;
    if (a.ends[x] === p && b.ends[y] === q) return [x + 1, y + 1];
  }
  return undefined;
}

/**
 * For the lines `j..end` of b, which say what a says from line i on: how many letters of each come from each line of a.
 * A line without letters goes with the line of a that the text has got to, at most with the last one.
 */
export function shareLetters(
  [a, i, last]: readonly [Flow, number, number],
  [b, j, end]: readonly [Flow, number, number],
): readonly ReadonlyMap<number, number>[] {
  const offset = (a.starts[i] as number) - (b.starts[j] as number);
  const shares: Map<number, number>[] = [];
  let x = i;
  for (let y = j; y < end; y++) {
    const share = new Map<number, number>();
    for (let q = b.starts[y] as number; q < (b.ends[y] as number); q++) {
      while (x + 1 < a.ends.length && (a.ends[x] as number) <= q + offset) x++;
      if (isLetter(b.text[q])) share.set(x, (share.get(x) ?? 0) + 1);
    }
    if (share.size === 0) share.set(Math.min(x, last), 0);
    shares.push(share);
  }
  return shares;
}
