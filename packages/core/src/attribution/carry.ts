// SPDX-License-Identifier: Apache-2.0
import type { AttributedText } from "./attributed-text.ts";
import {
  type CarryDraft,
  doubtLine,
  isInDoubt,
  keepLine,
  originOf,
  releaseLine,
  startDraft,
} from "./carry-draft.ts";
import { countSignificant, findChanceAnchors, type GapWords } from "./find-chance-anchors.ts";
import { findMoves, LEAST_LINES } from "./find-moves.ts";
import { fingerprintLine } from "./fingerprint.ts";
import type { LineHunk } from "./line-hunk.ts";
import { trimBlanks } from "./line-key.ts";
import { isSignificant } from "./line-words.ts";
import { type Origin, UNKNOWN } from "./origin.ts";
import { pairEdited } from "./pair-edited.ts";
import { findPieces, pairPieces } from "./pair-pieces.ts";
import { NONE } from "./pairing.ts";
import { type SettledLines, settleLines, toAnchors, toGaps } from "./settle-lines.ts";
import { toCommon } from "./to-common.ts";

/**
 * The new text with an origin for each line: the one function that moves authorship.
 *
 * Lines that are unchanged, respaced, broken or joined otherwise, or moved as a block keep their origin, whoever
 * did it. An AI's line that somebody else rewrote in place is `edited`; a piece of a person's line, in its own words, is
 * the person's unless an AI wrote it so. Every other line is the writer's, though only
 * `inferred` to be a person's where it is a changed form of a line that nobody saw being written. A trivial line such
 * as `}` never keeps an origin by itself where the text around it was rewritten.
 */
export function carry(old: AttributedText, lines: readonly string[], writer: Origin): AttributedText {
  return carryTraced(old, lines, writer).text;
}

export interface TracedCarry {
  readonly text: AttributedText;
  /** 1 for lines that are an old line in its own words; the others are the writer's, or edited by the writer. */
  readonly isSettled: Uint8Array;
  /** 1 for lines that are the writer's. */
  readonly isWritten: Uint8Array;
  /** Index of the old line that a line is a changed form of, whoever changed it; -1 for none. */
  readonly editedFrom: Int32Array;
}

/** {@link carry}, and which lines it found in the old text. */
export function carryTraced(old: AttributedText, lines: readonly string[], writer: Origin): TracedCarry {
  if (old.lines.length === 0) return traceNew(lines, writer);
  const settled = settleLines(old, lines);
  const draft = startDraft(old, lines, settled);
  if (draft.isSettled.includes(0)) {
    const areMoved = followMoves(draft, writer);
    rewriteGaps(draft, settled, writer, areMoved);
  }
  const origins = draft.origins.map((origin, b) => origin ?? findWriter(draft, b, writer));
  const isWritten = Uint8Array.from(draft.origins, (origin) => (origin === undefined ? 1 : 0));
  const { isSettled, editedFrom } = draft;
  return { text: { lines, origins }, isSettled, isWritten, editedFrom };
}

/** Whoever breaks a person's line up says nothing of their own, but for an AI, which then has written it. */
function findWriter(draft: CarryDraft, b: number, writer: Origin): Origin {
  const a = draft.editedFrom[b] as number;
  if (a === NONE) return writer;
  const before = originOf(draft, a);
  if (draft.isPiece[b] === 1 && before.kind === "human" && writer.kind !== "ai") return before;
  return toChanged(writer, before, draft.old.lines[a] as string);
}

/** Origin of a line that was no AI's, as far as anybody knew, before this writer changed it; of many changes the first one counts. */
export function toChanged(writer: Origin, before: Origin, line: string): Origin {
  if (writer.kind !== "human") return writer;
  const known = before.kind === "human" ? before.over : undefined;
  const evidence = isInDoubt(before) ? "inferred" : writer.evidence;
  return { ...writer, evidence, over: known ?? fingerprintLine(line) };
}

/** Most files that a Git hook sees are seen for the first time. */
function traceNew(lines: readonly string[], writer: Origin): TracedCarry {
  const text = { lines, origins: lines.map(() => writer) };
  return {
    text,
    isSettled: new Uint8Array(lines.length),
    isWritten: new Uint8Array(lines.length).fill(1),
    editedFrom: new Int32Array(lines.length).fill(NONE),
  };
}

/** Blocks that left one place and stand in another; then, unless an AI writes, copies of AI blocks that stayed. */
function followMoves(draft: CarryDraft, writer: Origin): boolean {
  const { old, lines, isUsed, isSettled } = draft;
  const mayTake = (b: number): boolean => isSettled[b] === 0;
  const take = (
    kind: "sorted" | "moved" | "copied",
    mayLend: (a: number) => boolean,
    isCommon?: (text: string) => boolean,
  ): boolean => {
    const least = kind === "copied" ? LEAST_LINES : 1;
    if (!hasWords(lines, mayTake, least) || !hasWords(old.lines, mayLend, least)) return false;
    const sides = { source: old.lines, mayLend, target: lines, mayTake };
    const runs = findMoves(isCommon === undefined ? sides : { ...sides, isCommon }, kind);
    for (const run of runs) for (let i = 0; i < run.length; i++) keepLine(draft, run.a + i, run.b + i);
    return runs.length > 0;
  };
  const kind = isSorted(draft, writer) ? "sorted" : "moved";
  // What nobody saw coming may be anybody's, if none of its lines is the AI's alone.
  const isCommon = writer.kind === "unknown" ? toCommon([pickStayed(draft)]) : undefined;
  const takeMoved = (): boolean => take(kind, (a) => isUsed[a] === 0, isCommon);
  const areMoved = takeMoved();
  // A line that another of its kind parted from its block is alone now.
  if (areMoved) takeMoved();
  if (writer.kind === "ai") return areMoved;
  const isAi = (a: number): boolean => originOf(draft, a).kind === "ai";
  const areCopied = take("copied", isAi, toCommon([old]));
  if (hasWords(lines, mayTake, LEAST_LINES) && hasWords(old.lines, isAi, LEAST_LINES))
    for (const run of findMoves({ source: old.lines, mayLend: isAi, target: lines, mayTake }, "copied"))
      for (const b of indices(run.b, run.b + run.length)) doubtLine(draft, b);
  return areMoved || areCopied;
}

function pickStayed({ old, isUsed }: CarryDraft): AttributedText {
  const stayed = indices(0, old.lines.length).filter((a) => isUsed[a] === 1);
  return { lines: pick(old.lines, stayed), origins: stayed.map((a) => old.origins[a] ?? UNKNOWN) };
}

/** Most of it stood there before, in whatever order. */
function isSorted({ old, lines }: CarryDraft, writer: Origin): boolean {
  if (writer.kind === "ai") return false;
  const known = new Set(old.lines.map(trimBlanks));
  const telling = lines.filter(isSignificant);
  return 2 * telling.filter((line) => known.has(trimBlanks(line))).length > telling.length;
}

function hasWords(lines: readonly string[], isMeant: (index: number) => boolean, least: number): boolean {
  let count = 0;
  return lines.some((line, index) => isMeant(index) && isSignificant(line) && ++count >= least);
}

/** What was changed in place, and what merely looks kept because everything around it is new. */
function rewriteGaps(draft: CarryDraft, settled: SettledLines, writer: Origin, areMoved: boolean): void {
  const { old, lines } = draft;
  const anchors = toAnchors(settled);
  const gaps = toGaps(anchors, old.lines.length, lines.length).map((gap) => rewriteGap(draft, gap, writer));
  const hasTraces = areMoved || gaps.some(({ isEdited }) => isEdited);
  for (const anchor of findChanceAnchors({ anchors, gaps, hasTraces }, old.lines))
    for (const b of indices(anchor.bStart, anchor.bEnd)) releaseLine(draft, b);
}

function rewriteGap(draft: CarryDraft, gap: LineHunk, writer: Origin): GapWords {
  const lost = indices(gap.aStart, gap.aEnd).filter((a) => draft.isUsed[a] === 0);
  const gained = indices(gap.bStart, gap.bEnd).filter((b) => draft.isSettled[b] === 0);
  const [lostLines, gainedLines] = [pick(draft.old.lines, lost), pick(draft.lines, gained)];
  const pairs = pairEdited(lostLines, gainedLines);
  const all = [...pairs, ...pairPieces(lostLines, gainedLines, pairs)];
  for (const { a, b } of all) editLine(draft, lost[a] as number, gained[b] as number, writer);
  for (const { b } of findPieces(lostLines, gainedLines, all)) draft.isPiece[gained[b] as number] = 1;
  return {
    lost: countSignificant(lostLines),
    gained: countSignificant(gainedLines),
    isEdited: pairs.length > 0,
  };
}

function editLine(draft: CarryDraft, a: number, b: number, writer: Origin): void {
  const origin = originOf(draft, a);
  draft.editedFrom[b] = a;
  if (origin.kind === "ai" && writer.kind !== "ai") draft.origins[b] = { ...origin, extent: "edited" };
}

function indices(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

function pick(lines: readonly string[], at: readonly number[]): readonly string[] {
  return at.map((index) => lines[index] as string);
}
