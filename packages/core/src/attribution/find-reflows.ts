// SPDX-License-Identifier: Apache-2.0
import { type Budget, type Flow, findCommonEnd, indexSeeds, seedAt, shareLetters, toFlow } from "./flow.ts";
import type { LineHunk } from "./line-hunk.ts";
import { toFlowText } from "./line-key.ts";
import { isSignificant } from "./line-words.ts";

/** Consecutive lines that say the same as consecutive other lines, broken differently. */
export interface Reflow extends LineHunk {
  /** Per new line: how many letters of it come from each old line of the group, by index into the old text. */
  readonly shares: readonly ReadonlyMap<number, number>[];
}

/** Characters compared for one span; only text made to hurt needs more, and then it is nobody's reflow. */
const MOST_STEPS = 10_000_000;

interface Sides {
  readonly old: readonly string[];
  readonly lines: readonly string[];
  readonly span: LineHunk;
  /** Flows of the span's two sides. */
  readonly a: Flow;
  readonly b: Flow;
  readonly budget: Budget;
}

/**
 * Groups of lines in the span that a formatter broke or joined: 1→N, N→1, N→M. In order, without overlaps, each the
 * shortest that begins and ends with whole lines on both sides.
 */
export function findReflows(old: readonly string[], lines: readonly string[], span: LineHunk): Reflow[] {
  const a = toFlow(old, span.aStart, span.aEnd);
  const b = toFlow(lines, span.bStart, span.bEnd);
  const sides = { old, lines, span, a, b, budget: { steps: MOST_STEPS } };
  const seeds = indexSeeds(a);
  const groups: Reflow[] = [];
  let next = 0;
  for (let j = 0; j < b.starts.length; j++) {
    const seed = seedAt(b, j);
    for (const i of seed === "" ? [] : (seeds.get(seed) ?? [])) {
      const group = i < next ? undefined : toGroup(sides, i, j);
      if (group === undefined) continue;
      groups.push(group);
      next = group.aEnd - span.aStart;
      j = group.bEnd - span.bStart - 1;
      break;
    }
  }
  return groups;
}

/** The group that begins with lines i and j of the span, if there is one. */
function toGroup(sides: Sides, i: number, j: number): Reflow | undefined {
  const { span, a, b } = sides;
  const ends = findCommonEnd([a, i], [b, j], sides.budget);
  if (ends === undefined) return undefined;
  const [aStart, bStart] = [span.aStart + i, span.bStart + j];
  const group = takeClosers(sides, {
    aStart,
    aEnd: span.aStart + ends[0],
    bStart,
    bEnd: span.bStart + ends[1],
  });
  const [aCount, bCount] = [group.aEnd - aStart, group.bEnd - bStart];
  // One line for one line is no reflow: what differs then is a comma or a bracket that somebody changed.
  if (aCount === 1 && bCount === 1) return undefined;
  const isAll = aCount === span.aEnd - span.aStart && bCount === span.bEnd - span.bStart;
  if (!isAll && !isSignificant(a.text.slice(a.starts[i], a.ends[ends[0] - 1]))) return undefined;
  const shares = shareLetters([a, i, i + aCount - 1], [b, j, j + bCount]);
  return {
    ...group,
    shares: shares.map((share) => new Map([...share].map(([x, n]) => [x + span.aStart, n]))),
  };
}

/** Lines of nothing but `)` or `);` after a group belong to it as long as its brackets do not balance as the other's. */
function takeClosers({ old, lines, span }: Sides, group: LineHunk): LineHunk {
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
