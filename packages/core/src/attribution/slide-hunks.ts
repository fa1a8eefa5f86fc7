// SPDX-License-Identifier: Apache-2.0
import type { LineHunk } from "./line-hunk.ts";
import { splitCost } from "./split-cost.ts";

/** Whether line `index` of the old text has another origin than the line before it. */
export type IsSeam = (index: number) => boolean;

/** What an edge between two origins is worth: more than layout, because blocks are written by one writer. */
const SEAM_BONUS = 4;

/**
 * An inserted or deleted block that repeats its own surroundings can stand in several places with the same effect:
 * `}` of a new function may be taken for the old one's. It is put where its edges look like edges of blocks, so that
 * the old line keeps its origin. Replacements stay where they are.
 */
export function slideHunks(
  a: readonly string[],
  b: readonly string[],
  hunks: readonly LineHunk[],
  isSeam: IsSeam = () => false,
): LineHunk[] {
  const slid: LineHunk[] = [];
  for (const [index, hunk] of hunks.entries()) {
    const room = { up: hunk.aStart - (slid.at(-1)?.aEnd ?? 0), down: findRoomBelow(a, hunks, index) };
    append(slid, slideHunk(a, b, hunk, room, isSeam));
  }
  return slid;
}

function findRoomBelow(a: readonly string[], hunks: readonly LineHunk[], index: number): number {
  const hunk = hunks[index] as LineHunk;
  return (hunks[index + 1]?.aStart ?? a.length) - hunk.aEnd;
}

interface Room {
  readonly up: number;
  readonly down: number;
}

function slideHunk(
  a: readonly string[],
  b: readonly string[],
  hunk: LineHunk,
  room: Room,
  isSeam: IsSeam,
): LineHunk {
  const isInsertion = hunk.aStart === hunk.aEnd;
  if (!isInsertion && hunk.bStart < hunk.bEnd) return hunk;
  const lines = isInsertion ? b : a;
  const [start, end] = isInsertion ? [hunk.bStart, hunk.bEnd] : [hunk.aStart, hunk.aEnd];
  let lowest = 0;
  while (-lowest < room.up && lines[start + lowest - 1] === lines[end + lowest - 1]) lowest--;
  let highest = 0;
  while (highest < room.down && lines[start + highest] === lines[end + highest]) highest++;
  if (lowest === highest) return hunk;
  let best = { by: highest, cost: Number.POSITIVE_INFINITY };
  for (let by = highest; by >= lowest; by--) {
    const seams = [hunk.aStart + by, hunk.aEnd + by].filter(isSeam).length;
    const cost = splitCost(lines, start + by) + splitCost(lines, end + by) - seams * SEAM_BONUS;
    if (cost < best.cost) best = { by, cost };
  }
  return shiftHunk(hunk, best.by);
}

function shiftHunk(hunk: LineHunk, by: number): LineHunk {
  return {
    aStart: hunk.aStart + by,
    aEnd: hunk.aEnd + by,
    bStart: hunk.bStart + by,
    bEnd: hunk.bEnd + by,
  };
}

function append(hunks: LineHunk[], hunk: LineHunk): void {
  const last = hunks.at(-1);
  if (last === undefined || last.aEnd < hunk.aStart || last.bEnd < hunk.bStart) hunks.push(hunk);
  else hunks[hunks.length - 1] = { ...last, aEnd: hunk.aEnd, bEnd: hunk.bEnd };
}
