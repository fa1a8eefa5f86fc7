// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, EMPTY_TEXT } from "./attributed-text.ts";
import { carryTraced } from "./carry.ts";
import { countSignificant } from "./find-chance-anchors.ts";
import { findMoves } from "./find-moves.ts";
import type { LineHunk } from "./line-hunk.ts";
import { isSignificant } from "./line-words.ts";
import { type Origin, UNKNOWN } from "./origin.ts";
import { limitEvidence } from "./record/limit-evidence.ts";
import { settleLines, toAnchors } from "./settle-lines.ts";

/** Share of the significant lines of the shorter text that must agree for two texts to be states of one file. */
const LEAST_AGREEMENT = 0.3;

/**
 * {@link carry} from several earlier texts. The first is the direct predecessor. The others (a stash, the state before
 * an undo, the other side of a merge) only lend to lines that are not the predecessor's: where they agree in place
 * with a significant line around, or as a moved block. What no source knows, though one has it in place, nobody knows.
 */
export function attributeLines(
  lines: readonly string[],
  sources: readonly AttributedText[],
  writer: Origin,
): AttributedText {
  return attribute(lines, sources, writer, false).text;
}

export interface WrittenText {
  readonly text: AttributedText;
  /** Indices of the lines that are the writer's: no earlier text has them. */
  readonly fresh: readonly number[];
}

/**
 * {@link attributeLines} for a text that is younger than all its sources, and which lines it left to the writer. Here an AI's
 * line also lends to its changed form: of an older text that would say that what an AI changed had been the AI's before.
 */
export function attributeWritten(
  lines: readonly string[],
  sources: readonly AttributedText[],
  writer: Origin,
): WrittenText {
  return attribute(lines, sources, writer, writer.kind !== "ai");
}

function attribute(
  lines: readonly string[],
  sources: readonly AttributedText[],
  writer: Origin,
  mayBeChanged: boolean,
): WrittenText {
  const [predecessor = EMPTY_TEXT, ...others] = sources;
  const { text, isSettled, isWritten } = carryTraced(predecessor, lines, writer);
  const isBack = new Uint8Array(lines.length);
  const target = { lines, origins: [...text.origins], isSettled, isWritten, isBack, mayBeChanged };
  for (const source of others) {
    if (!isSettled.includes(0)) break;
    lendLines(source, target);
  }
  for (const [b, is] of isBack.entries()) if (is === 1 && isSettled[b] === 0) takeBack(target, b);
  const fresh = lines.flatMap((_, index) => (isWritten[index] === 1 ? [index] : []));
  return { text: { lines, origins: target.origins }, fresh };
}

/** The caller's own, filled in source by source. */
interface LentText {
  readonly lines: readonly string[];
  readonly origins: Origin[];
  readonly isSettled: Uint8Array;
  readonly isWritten: Uint8Array;
  /** 1 for lines that a source has just so, and does not know. */
  readonly isBack: Uint8Array;
  readonly mayBeChanged: boolean;
}

/** An undo brought it back as it was: whoever wrote it, it is neither the writer's nor a changed line of an AI's. */
function takeBack({ origins, isWritten, isSettled }: LentText, b: number): void {
  origins[b] = UNKNOWN;
  isWritten[b] = 0;
  isSettled[b] = 1;
}

/** Fills in what one source knows. */
function lendLines(source: AttributedText, target: LentText): void {
  const { lines, isSettled } = target;
  const isLent = new Uint8Array(source.lines.length);
  const settled = settleLines(source, lines);
  for (const run of findAgreeingRuns(source.lines, toAnchors({ ...settled, reflows: [] }), lines)) {
    for (let i = 0; i < run.aEnd - run.aStart; i++) {
      isLent[run.aStart + i] = 1;
      lend(target, run.bStart + i, source.origins[run.aStart + i]);
    }
  }
  const moves = findMoves(
    {
      source: source.lines,
      mayLend: (a) => isLent[a] === 0 && source.origins[a]?.kind !== "unknown",
      target: lines,
      mayTake: (b) => isSettled[b] === 0,
    },
    "recalled",
  );
  for (const run of moves)
    for (let i = 0; i < run.length; i++) lend(target, run.b + i, source.origins[run.a + i]);
  if (isLent.includes(1)) lendChanged(source, settled.reflows, target);
}

function lend(target: LentText, b: number, origin: Origin | undefined): void {
  const { origins, isSettled, isWritten, isBack } = target;
  if (origin === undefined || isSettled[b] === 1) return;
  if (origin.kind === "unknown") {
    isBack[b] = 1;
    return;
  }
  origins[b] = origin;
  isSettled[b] = 1;
  isWritten[b] = 0;
}

/**
 * An AI's line that comes back in another layout, or changed in place, in a text that agrees with the source. What was
 * moved meanwhile is left to the stricter search above.
 */
function lendChanged(
  source: AttributedText,
  reflows: readonly LineHunk[],
  { lines, origins, isSettled, isWritten, isBack, mayBeChanged }: LentText,
): void {
  if (!isWritten.includes(1)) return;
  const carried = carryTraced(source, lines, UNKNOWN);
  const isReflowed = new Uint8Array(lines.length);
  for (const { bStart, bEnd } of reflows) isReflowed.fill(1, bStart, bEnd);
  for (const [b, origin] of carried.text.origins.entries()) {
    const isEdited =
      mayBeChanged && isBack[b] === 0 && carried.isSettled[b] === 0 && isSignificant(lines[b] as string);
    if (isWritten[b] === 0 || origin.kind !== "ai" || !(isEdited || isReflowed[b] === 1)) continue;
    // What was changed meanwhile may have been deleted and typed anew: that it is the old line is a guess.
    origins[b] = isEdited ? { ...origin, evidence: limitEvidence(origin.evidence, "inferred") } : origin;
    isWritten[b] = 0;
    isSettled[b] = isReflowed[b] as number;
  }
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
