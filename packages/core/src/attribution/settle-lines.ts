// SPDX-License-Identifier: Apache-2.0
import type { AttributedText } from "./attributed-text.ts";
import { findReflows, type Reflow } from "./find-reflows.ts";
import type { LineHunk } from "./line-hunk.ts";
import { isSignificant } from "./line-words.ts";
import { pairBlocks } from "./pair-blocks.ts";
import { pairInPlace, pairRespaced } from "./pair-respaced.ts";
import { findSpans, NONE, type Pairing, pairUnchanged } from "./pairing.ts";

/** What of the new text is the old text, whoever changed its layout. */
export interface SettledLines {
  readonly pairing: Pairing;
  /** Ascending; none of their lines are in the pairing. */
  readonly reflows: readonly Reflow[];
}

/** Unchanged lines, lines with other white space, and lines that a formatter broke, joined or restyled. */
export function settleLines(old: AttributedText, lines: readonly string[]): SettledLines {
  const blocks = pairBlocks(old.lines, lines, pairUnchanged(old, lines));
  const pairing = pairRespaced(old.lines, lines, blocks.pairing);
  const hasWords = (run: LineHunk): boolean => old.lines.slice(run.aStart, run.aEnd).some(isSignificant);
  const reflows = findSpans(pairing, old.lines.length, hasWords)
    .filter((span) => span.aStart < span.aEnd && span.bStart < span.bEnd)
    .flatMap((span) => findReflows(old.lines, lines, span));
  for (const reflow of reflows) unpairAround(pairing, reflow);
  const settled = { pairing, reflows };
  for (const gap of toGaps(toAnchors(settled), old.lines.length, lines.length))
    pairInPlace(old.lines, lines, gap, pairing);
  blocks.freeMoved(pairing);
  return settled;
}

/**
 * A trivial line that was paired by chance yields to a group that holds it on either side, or that it would have to
 * cross.
 */
function unpairAround(pairing: Pairing, group: LineHunk): void {
  for (let b = group.bStart; b < group.bEnd; b++) pairing[b] = NONE;
  for (
    let b = group.bStart - 1;
    b >= 0 && (pairing[b] === NONE || (pairing[b] as number) >= group.aStart);
    b--
  )
    pairing[b] = NONE;
  for (let b = group.bEnd; b < pairing.length; b++) {
    const a = pairing[b] as number;
    if (a !== NONE && a >= group.aEnd) break;
    pairing[b] = NONE;
  }
}

/** All of it as hunks of equal text, ascending: runs of paired lines, and reflows. */
export function toAnchors(settled: SettledLines): readonly LineHunk[] {
  const { pairing, reflows } = settled;
  const anchors: LineHunk[] = [...reflows];
  for (let b = 0; b < pairing.length; b++) {
    if (pairing[b] === NONE) continue;
    const bStart = b;
    while (b + 1 < pairing.length && pairing[b + 1] === (pairing[b] as number) + 1) b++;
    anchors.push({
      aStart: pairing[bStart] as number,
      aEnd: (pairing[b] as number) + 1,
      bStart,
      bEnd: b + 1,
    });
  }
  return anchors.sort((x, y) => x.bStart - y.bStart);
}

/** One more than anchors: what lies before, between and after them; may be empty on either side. */
export function toGaps(anchors: readonly LineHunk[], aLength: number, bLength: number): readonly LineHunk[] {
  const starts = [{ aEnd: 0, bEnd: 0 }, ...anchors];
  const ends = [...anchors, { aStart: aLength, bStart: bLength }];
  return starts.map(({ aEnd, bEnd }, index) => {
    const next = ends[index] as { aStart: number; bStart: number };
    return { aStart: aEnd, aEnd: next.aStart, bStart: bEnd, bEnd: next.bStart };
  });
}
