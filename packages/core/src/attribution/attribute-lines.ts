// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, EMPTY_TEXT } from "./attributed-text.ts";
import { carryTraced } from "./carry.ts";
import { countSignificant } from "./find-chance-anchors.ts";
import { findMoves } from "./find-moves.ts";
import type { LineHunk } from "./line-hunk.ts";
import type { Origin } from "./origin.ts";
import { settleLines, toAnchors } from "./settle-lines.ts";

/** Share of the significant lines of the shorter text that must agree for two texts to be states of one file. */
const LEAST_AGREEMENT = 0.3;

/**
 * {@link carry} from several earlier texts. The first is the direct predecessor. The others (a stash, the state before
 * an undo, the other side of a merge) only lend to lines that are not the predecessor's: where they agree in place
 * with a significant line around, or as a moved block. What a source does not know itself it does not lend.
 */
export function attributeLines(
  lines: readonly string[],
  sources: readonly AttributedText[],
  writer: Origin,
): AttributedText {
  return attributeWritten(lines, sources, writer).text;
}

export interface WrittenText {
  readonly text: AttributedText;
  /** Indices of the lines that are the writer's: no earlier text has them. */
  readonly fresh: readonly number[];
}

/** {@link attributeLines}, and which lines it left to the writer. */
export function attributeWritten(
  lines: readonly string[],
  sources: readonly AttributedText[],
  writer: Origin,
): WrittenText {
  const [predecessor = EMPTY_TEXT, ...others] = sources;
  const { text, isSettled, isWritten } = carryTraced(predecessor, lines, writer);
  const origins = [...text.origins];
  for (const source of others) {
    if (!isSettled.includes(0)) break;
    lendLines(source, lines, origins, isSettled);
  }
  const fresh = lines.flatMap((_, index) =>
    isWritten[index] === 1 && isSettled[index] === 0 ? [index] : [],
  );
  return { text: { lines, origins }, fresh };
}

/** Fills in what one source knows; `origins` and `isSettled` are the caller's own and are changed. */
function lendLines(
  source: AttributedText,
  lines: readonly string[],
  origins: Origin[],
  isSettled: Uint8Array,
): void {
  const isLent = new Uint8Array(source.lines.length);
  const lend = (a: number, b: number): void => {
    const origin = source.origins[a];
    isLent[a] = 1;
    if (origin === undefined || origin.kind === "unknown" || isSettled[b] === 1) return;
    origins[b] = origin;
    isSettled[b] = 1;
  };
  for (const run of findAgreeingRuns(source.lines, settleRuns(source, lines), lines))
    for (let i = 0; i < run.aEnd - run.aStart; i++) lend(run.aStart + i, run.bStart + i);
  const moves = findMoves(
    {
      source: source.lines,
      mayLend: (a) => isLent[a] === 0 && source.origins[a]?.kind !== "unknown",
      target: lines,
      mayTake: (b) => isSettled[b] === 0,
    },
    "recalled",
  );
  for (const run of moves) for (let i = 0; i < run.length; i++) lend(run.a + i, run.b + i);
}

function settleRuns(source: AttributedText, lines: readonly string[]): readonly LineHunk[] {
  return toAnchors({ pairing: settleLines(source, lines).pairing, reflows: [] });
}

/** Runs with a significant line, if the texts are states of one file at all; equal `}` mean nothing otherwise. */
function findAgreeingRuns(
  source: readonly string[],
  runs: readonly LineHunk[],
  lines: readonly string[],
): readonly LineHunk[] {
  const counts = runs.map(({ aStart, aEnd }) => countSignificant(source.slice(aStart, aEnd)));
  const agreed = counts.reduce((sum, count) => sum + count, 0);
  const shorter = Math.min(countSignificant(source), countSignificant(lines));
  return agreed < shorter * LEAST_AGREEMENT ? [] : runs.filter((_, index) => (counts[index] as number) > 0);
}
