// SPDX-License-Identifier: Apache-2.0
import { allocateRows, type Box, findMiddle } from "./middle-snake.ts";
import { findUniqueAnchors } from "./unique-anchors.ts";

/** One byte a line: 1 where the line has no counterpart. What is 0 corresponds in order, and there are equally many. */
export interface ChangeMarks {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
}

/** Most steps that one diff may take, about half a second; only inputs that a person did not write come near. */
const WORK = 1 << 27;
const LEAST_LIMIT = 256;

/**
 * A shortest edit script over interned lines in linear space. Where two long sequences have almost nothing in common
 * in order, the search falls back to unique lines, then to the furthest point reached: still correct, not shortest.
 */
export function markChanges(a: Int32Array, b: Int32Array, count: number): ChangeMarks {
  const marks = { a: new Uint8Array(a.length).fill(1), b: new Uint8Array(b.length).fill(1) };
  const left = keepShared(a, b, count);
  const right = keepShared(b, a, count);
  markShared(left, right, count, marks);
  return marks;
}

interface SharedLines {
  readonly ids: Int32Array;
  /** Where each stood. */
  readonly at: Int32Array;
}

/** Lines that the other side has too; the others are changes whatever the alignment, and only make the search slow. */
function keepShared(own: Int32Array, other: Int32Array, count: number): SharedLines {
  const isKnown = new Uint8Array(count);
  for (const id of other) isKnown[id] = 1;
  const at: number[] = [];
  for (let i = 0; i < own.length; i++) if (isKnown[own[i] as number] === 1) at.push(i);
  return { ids: Int32Array.from(at, (i) => own[i] as number), at: Int32Array.from(at) };
}

function markShared(left: SharedLines, right: SharedLines, count: number, marks: ChangeMarks): void {
  const [a, b] = [left.ids, right.ids];
  const rows = allocateRows(a.length, b.length);
  const counts = new Int32Array(count);
  const limit = Math.max(LEAST_LIMIT, Math.floor(WORK / (a.length + b.length + 1)));
  const open: Box[] = [{ aStart: 0, aEnd: a.length, bStart: 0, bEnd: b.length }];
  const match = (i: number, j: number): void => {
    marks.a[left.at[i] as number] = 0;
    marks.b[right.at[j] as number] = 0;
  };
  for (let box = open.pop(); box !== undefined; box = open.pop()) {
    const rest = matchEnds(a, b, box, match);
    if (rest.aStart === rest.aEnd || rest.bStart === rest.bEnd) continue;
    const split = findMiddle(a, b, rest, rows, limit);
    const points = split.isExact ? [] : findUniqueAnchors(a, b, rest, counts);
    openBoxes(rest, points.length > 0 ? points : [split], open);
  }
}

function matchEnds(a: Int32Array, b: Int32Array, box: Box, match: (i: number, j: number) => void): Box {
  let { aStart, aEnd, bStart, bEnd } = box;
  while (aStart < aEnd && bStart < bEnd && a[aStart] === b[bStart]) match(aStart++, bStart++);
  while (aStart < aEnd && bStart < bEnd && a[aEnd - 1] === b[bEnd - 1]) match(--aEnd, --bEnd);
  return { aStart, aEnd, bStart, bEnd };
}

function openBoxes(box: Box, points: readonly { a: number; b: number }[], open: Box[]): void {
  let { aStart, bStart } = box;
  for (const { a, b } of points) {
    open.push({ aStart, aEnd: a, bStart, bEnd: b });
    [aStart, bStart] = [a, b];
  }
  open.push({ aStart, aEnd: box.aEnd, bStart, bEnd: box.bEnd });
}
