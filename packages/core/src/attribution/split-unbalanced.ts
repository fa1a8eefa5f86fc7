// SPDX-License-Identifier: Apache-2.0
import type { LineHunk } from "./line-hunk.ts";

const BRACKETS = /[()[\]{}]/g;

/**
 * An insertion or deletion that closes a bracket it did not open, and is followed by the same line again, is really
 * two: somebody filled a function's body and wrote another function after it. The closing line between them is the
 * old one. Cut there, the script is as short as before.
 */
export function splitUnbalanced(
  a: readonly string[],
  b: readonly string[],
  hunks: readonly LineHunk[],
): LineHunk[] {
  return hunks.flatMap((hunk, index) => {
    const isInsertion = hunk.aStart === hunk.aEnd;
    if (!isInsertion && hunk.bStart < hunk.bEnd) return [hunk];
    const lines = isInsertion ? b : a;
    const end = isInsertion ? hunk.bEnd : hunk.aEnd;
    const start = isInsertion ? hunk.bStart : hunk.aStart;
    // The kept line after it becomes part of it, and one more must keep it apart from the next hunk.
    const next = hunks[index + 1]?.aStart ?? a.length + 1;
    if (hunk.aEnd + 1 >= next) return [hunk];
    const cut = findEarlyClose(lines, start, end);
    if (cut === undefined || end >= lines.length || lines[cut] !== lines[end]) return [hunk];
    return cutHunk(hunk, cut - start, isInsertion);
  });
}

/** The first line in the span that closes more than the span opened. */
function findEarlyClose(lines: readonly string[], start: number, end: number): number | undefined {
  let depth = 0;
  for (let i = start; i < end; i++) {
    for (const [bracket] of (lines[i] as string).matchAll(BRACKETS)) {
      depth += "([{".includes(bracket) ? 1 : -1;
      if (depth < 0) return i;
    }
  }
  return undefined;
}

function cutHunk(hunk: LineHunk, length: number, isInsertion: boolean): LineHunk[] {
  const { aStart, aEnd, bStart, bEnd } = hunk;
  const parts = isInsertion
    ? [
        { aStart, aEnd, bStart, bEnd: bStart + length },
        { aStart: aEnd + 1, aEnd: aEnd + 1, bStart: bStart + length + 1, bEnd: bEnd + 1 },
      ]
    : [
        { aStart, aEnd: aStart + length, bStart, bEnd },
        { aStart: aStart + length + 1, aEnd: aEnd + 1, bStart: bEnd + 1, bEnd: bEnd + 1 },
      ];
  return parts.filter((part) => part.aStart < part.aEnd || part.bStart < part.bEnd);
}
