// SPDX-License-Identifier: Apache-2.0
import type { AttributedText } from "./attributed-text.ts";
import { diffLines } from "./diff-lines.ts";
import type { LineHunk } from "./line-hunk.ts";
import { isSameOrigin, type Origin } from "./origin.ts";

/** No old line. */
export const NONE = -1;

/** For each new line the index of the old line that it is, or {@link NONE}. */
export type Pairing = Int32Array;

/** Pairs every line outside the hunks between two texts. */
export function pairUnchanged(old: AttributedText, lines: readonly string[]): Pairing {
  const isSeam = (index: number): boolean =>
    index > 0 &&
    index < old.origins.length &&
    !isSameOrigin(old.origins[index - 1] as Origin, old.origins[index] as Origin);
  return toPairing(diffLines(old.lines, lines, isSeam), lines.length);
}

export function toPairing(hunks: readonly LineHunk[], length: number): Pairing {
  const pairing = new Int32Array(length).fill(NONE);
  let [a, b] = [0, 0];
  for (const hunk of [...hunks, { aStart: -1, aEnd: -1, bStart: length, bEnd: length }]) {
    while (b < hunk.bStart) pairing[b++] = a++;
    [a, b] = [hunk.aEnd, hunk.bEnd];
  }
  return pairing;
}

/**
 * The spans between neighbouring runs of paired lines that `isAnchor` accepts, as far as they hold a line without
 * a partner. `isAnchor` is asked with the run as a hunk of equal length on both sides.
 */
export function findSpans(
  pairing: Pairing,
  oldLength: number,
  isAnchor: (run: LineHunk) => boolean,
): LineHunk[] {
  const spans: LineHunk[] = [];
  let [a, b] = [0, 0];
  const close = (aEnd: number, bEnd: number): void => {
    if (aEnd > a || bEnd > b) spans.push({ aStart: a, aEnd, bStart: b, bEnd });
  };
  for (let i = 0; i < pairing.length; ) {
    if (pairing[i] === NONE) {
      i++;
      continue;
    }
    const start = i;
    while (i + 1 < pairing.length && pairing[i + 1] === (pairing[i] as number) + 1) i++;
    const run = {
      aStart: pairing[start] as number,
      aEnd: (pairing[i] as number) + 1,
      bStart: start,
      bEnd: ++i,
    };
    if (!isAnchor(run)) continue;
    close(run.aStart, run.bStart);
    [a, b] = [run.aEnd, run.bEnd];
  }
  close(oldLength, pairing.length);
  return spans;
}
