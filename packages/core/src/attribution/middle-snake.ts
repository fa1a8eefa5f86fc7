// SPDX-License-Identifier: Apache-2.0

/** Part of two sequences, half-open on both axes. */
export interface Box {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

export interface Split {
  readonly a: number;
  readonly b: number;
  /** On a shortest edit path. Otherwise the search was cut off, and this is merely the point that came furthest. */
  readonly isExact: boolean;
}

/** Scratch rows for both directions, as long as both sequences together plus 3. One allocation serves a whole diff. */
export interface SnakeRows {
  readonly forward: Int32Array;
  readonly backward: Int32Array;
  /** Added to a diagonal `x - y` to index a row. */
  readonly offset: number;
}

export function allocateRows(aLength: number, bLength: number): SnakeRows {
  const length = aLength + bLength + 3;
  return { forward: new Int32Array(length), backward: new Int32Array(length), offset: bLength + 1 };
}

const FAR = 0x7fffffff;

/**
 * Where a shortest edit path crosses its own middle (E. Myers, "An O(ND) Difference Algorithm and Its Variations",
 * 1986, section 4b), for a box whose first lines differ and whose last lines differ. Gives up after `limit` edits from
 * either side: the work is then at most limit squared, whatever the input.
 */
export function findMiddle(a: Int32Array, b: Int32Array, box: Box, rows: SnakeRows, limit: number): Split {
  const { aStart, aEnd, bStart, bEnd } = box;
  const { forward, backward, offset } = rows;
  const lowest = aStart - bEnd + offset;
  const highest = aEnd - bStart + offset;
  const start = aStart - bStart + offset;
  const end = aEnd - bEnd + offset;
  const meetsForward = ((start - end) & 1) !== 0;
  let [fLow, fHigh, bLow, bHigh] = [start, start, end, end];
  forward[start] = aStart;
  backward[end] = aEnd;
  for (let cost = 1; ; cost++) {
    if (fLow > lowest) forward[--fLow - 1] = -1;
    else fLow++;
    if (fHigh < highest) forward[++fHigh + 1] = -1;
    else fHigh--;
    for (let k = fHigh; k >= fLow; k -= 2) {
      const left = forward[k - 1] as number;
      const right = forward[k + 1] as number;
      let x = left >= right ? left + 1 : right;
      let y = x - k + offset;
      while (x < aEnd && y < bEnd && a[x] === b[y]) {
        x++;
        y++;
      }
      forward[k] = x;
      if (meetsForward && k >= bLow && k <= bHigh && (backward[k] as number) <= x)
        return { a: x, b: y, isExact: true };
    }
    if (bLow > lowest) backward[--bLow - 1] = FAR;
    else bLow++;
    if (bHigh < highest) backward[++bHigh + 1] = FAR;
    else bHigh--;
    for (let k = bHigh; k >= bLow; k -= 2) {
      const left = backward[k - 1] as number;
      const right = backward[k + 1] as number;
      let x = left < right ? left : right - 1;
      let y = x - k + offset;
      while (x > aStart && y > bStart && a[x - 1] === b[y - 1]) {
        x--;
        y--;
      }
      backward[k] = x;
      if (!meetsForward && k >= fLow && k <= fHigh && x <= (forward[k] as number))
        return { a: x, b: y, isExact: true };
    }
    if (cost >= limit) return findFurthest(box, rows, [fLow, fHigh], [bLow, bHigh]);
  }
}

type Diagonals = readonly [low: number, high: number];

/** The point that either search has got furthest to, counted in lines of both sides. */
function findFurthest(box: Box, rows: SnakeRows, forward: Diagonals, backward: Diagonals): Split {
  const { aStart, aEnd, bStart, bEnd } = box;
  let best = { a: aStart, b: bStart, progress: 0 };
  const consider = (x: number, y: number, progress: number): void => {
    if (progress > best.progress) best = { a: x, b: y, progress };
  };
  for (let k = forward[1]; k >= forward[0]; k -= 2) {
    const x = Math.min(rows.forward[k] as number, aEnd, bEnd + k - rows.offset);
    const y = x - k + rows.offset;
    consider(x, y, x - aStart + (y - bStart));
  }
  for (let k = backward[1]; k >= backward[0]; k -= 2) {
    const x = Math.max(rows.backward[k] as number, aStart, bStart + k - rows.offset);
    const y = x - k + rows.offset;
    consider(x, y, aEnd - x + (bEnd - y));
  }
  return { a: best.a, b: best.b, isExact: false };
}
