// SPDX-License-Identifier: Apache-2.0
import type { LineHunk } from "./line-hunk.ts";
import { isSignificant } from "./line-words.ts";

/** What of the gaps before, between and after the anchors was neither kept, nor moved, nor edited. */
export interface AnchorRow {
  readonly anchors: readonly LineHunk[];
  /** One more than anchors. */
  readonly gaps: readonly GapWords[];
  /** Some line was found again outside the anchors. */
  readonly hasTraces: boolean;
}

/** Significant lines that a gap lost and gained; `isEdited`: some of them resemble each other. */
export interface GapWords {
  readonly lost: number;
  readonly gained: number;
  readonly isEdited: boolean;
}

/** Significant lines on either side that make a gap a rewrite and not a change; and likewise a whole file. */
const LEAST_IN_GAP = 2;
const LEAST_IN_FILE = 3;

export function countSignificant(lines: readonly string[]): number {
  return lines.filter(isSignificant).length;
}

/**
 * Anchors of nothing but trivial lines that are paired by chance: text was rewritten on both sides of them, or the
 * whole file was, and a `}` of the new text merely equals one of the old. They belong to who wrote the new text.
 */
export function findChanceAnchors(row: AnchorRow, old: readonly string[]): readonly LineHunk[] {
  const { anchors, gaps, hasTraces } = row;
  const areTrivial = anchors.map(({ aStart, aEnd }) => !old.slice(aStart, aEnd).some(isSignificant));
  const areRewritten = gaps.map(
    (gap) => !gap.isEdited && gap.lost >= LEAST_IN_GAP && gap.gained >= LEAST_IN_GAP,
  );
  const sum = (side: "lost" | "gained"): number => gaps.reduce((total, gap) => total + gap[side], 0);
  const isWholeFile =
    !hasTraces && areTrivial.every(Boolean) && sum("lost") >= LEAST_IN_FILE && sum("gained") >= LEAST_IN_GAP;
  return anchors.filter(
    (_, i) => areTrivial[i] && (isWholeFile || (areRewritten[i] === true && areRewritten[i + 1] === true)),
  );
}
