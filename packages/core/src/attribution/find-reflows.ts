// SPDX-License-Identifier: Apache-2.0
import type { LineHunk } from "./line-hunk.ts";
import { isLetter, toFlowText } from "./line-key.ts";
import { isSignificant } from "./line-words.ts";

/** Consecutive lines that say the same as consecutive other lines, broken differently. */
export interface Reflow extends LineHunk {
  /** Per new line: how many letters of it come from each old line of the group, by index into the old text. */
  readonly shares: readonly ReadonlyMap<number, number>[];
}

/** Characters that must agree before two places are compared in full. */
const SEED = 6;

/** Several lines as one text, and where in it each begins and ends. */
interface Flow {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * Groups of lines in the span that a formatter broke or joined: 1→N, N→1, N→M. In order, without overlaps, each the
 * shortest that begins and ends with whole lines on both sides.
 */
export function findReflows(old: readonly string[], lines: readonly string[], span: LineHunk): Reflow[] {
  const a = toFlow(old, span.aStart, span.aEnd);
  const b = toFlow(lines, span.bStart, span.bEnd);
  const seeds = indexSeeds(a);
  const groups: Reflow[] = [];
  let next = 0;
  for (let j = 0; j < b.starts.length; j++) {
    const seed = seedAt(b, j);
    const places = seed === "" ? [] : (seeds.get(seed) ?? []);
    for (const i of places) {
      if (i < next) continue;
      const group = toGroup(old, lines, span, a, b, i, j);
      if (group === undefined) continue;
      groups.push(group);
      next = group.aEnd - span.aStart;
      j = group.bEnd - span.bStart - 1;
      break;
    }
  }
  return groups;
}

function toFlow(lines: readonly string[], start: number, end: number): Flow {
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

function seedAt(flow: Flow, line: number): string {
  const start = flow.starts[line] as number;
  return start === flow.ends[line] ? "" : flow.text.slice(start, start + SEED);
}

function indexSeeds(flow: Flow): ReadonlyMap<string, readonly number[]> {
  const MOST_PLACES = 64;
  const seeds = new Map<string, number[]>();
  for (let i = 0; i < flow.starts.length; i++) {
    const seed = seedAt(flow, i);
    const known = seeds.get(seed);
    if (known === undefined) seeds.set(seed, [i]);
    else if (known.length < MOST_PLACES) known.push(i);
  }
  return seeds;
}

/** Where both texts, equal from the starts of lines i and j on, first end a line together; as indices past the lines. */
function findCommonEnd(a: Flow, b: Flow, i: number, j: number): readonly [number, number] | undefined {
  let p = a.starts[i] as number;
  let q = b.starts[j] as number;
  for (let [x, y] = [i, j]; p < a.text.length && q < b.text.length && a.text[p] === b.text[q]; ) {
    p++;
    q++;
    while (x < a.ends.length && (a.ends[x] as number) < p) x++;
    while (y < b.ends.length && (b.ends[y] as number) < q) y++;
    if (a.ends[x] === p && b.ends[y] === q) return [x + 1, y + 1];
  }
  return undefined;
}

function toGroup(
  old: readonly string[],
  lines: readonly string[],
  span: LineHunk,
  a: Flow,
  b: Flow,
  i: number,
  j: number,
): Reflow | undefined {
  const ends = findCommonEnd(a, b, i, j);
  if (ends === undefined) return undefined;
  const [aStart, bStart] = [span.aStart + i, span.bStart + j];
  const group = takeClosers(old, lines, span, {
    aStart,
    aEnd: span.aStart + ends[0],
    bStart,
    bEnd: span.bStart + ends[1],
  });
  // One line for one line is no reflow: what differs then is a comma or a bracket that somebody changed.
  if (group.aEnd - aStart === 1 && group.bEnd - bStart === 1) return undefined;
  const isAll =
    group.aEnd - aStart === span.aEnd - span.aStart && group.bEnd - bStart === span.bEnd - span.bStart;
  const text = a.text.slice(a.starts[i], a.ends[ends[0] - 1]);
  if (!isAll && !isSignificant(text)) return undefined;
  return { ...group, shares: shareLetters(a, b, i, j, span, group) };
}

/** Lines of nothing but `)` or `);` after a group belong to it as long as its brackets do not balance as the other's. */
function takeClosers(
  old: readonly string[],
  lines: readonly string[],
  span: LineHunk,
  group: LineHunk,
): LineHunk {
  let { aEnd, bEnd } = group;
  let open = depth(old, group.aStart, aEnd) - depth(lines, group.bStart, bEnd);
  const isCloser = (line: string): boolean => /[()]/.test(line) && toFlowText(line) === "";
  while (open > 0 && aEnd < span.aEnd && isCloser(old[aEnd] as string)) open += depth(old, aEnd, ++aEnd);
  while (open < 0 && bEnd < span.bEnd && isCloser(lines[bEnd] as string)) open -= depth(lines, bEnd, ++bEnd);
  return { ...group, aEnd, bEnd };
}

function depth(lines: readonly string[], start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) {
    for (const character of lines[i] as string) sum += character === "(" ? 1 : character === ")" ? -1 : 0;
  }
  return sum;
}

function shareLetters(
  a: Flow,
  b: Flow,
  i: number,
  j: number,
  span: LineHunk,
  group: LineHunk,
): readonly ReadonlyMap<number, number>[] {
  const offset = (a.starts[i] as number) - (b.starts[j] as number);
  const shares: Map<number, number>[] = [];
  let x = i;
  for (let y = j; y < group.bEnd - span.bStart; y++) {
    const share = new Map<number, number>();
    for (let q = b.starts[y] as number; q < (b.ends[y] as number); q++) {
      while (x + 1 < a.ends.length && (a.ends[x] as number) <= q + offset) x++;
      if (isLetter(b.text[q])) share.set(span.aStart + x, (share.get(span.aStart + x) ?? 0) + 1);
    }
    // A line of marks only goes with the old line that the text has got to.
    if (share.size === 0) share.set(span.aStart + Math.min(x, group.aEnd - span.aStart - 1), 0);
    shares.push(share);
  }
  return shares;
}
