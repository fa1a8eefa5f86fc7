// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, EMPTY_TEXT } from "./attributed-text.ts";
import { carryTraced, toChanged } from "./carry.ts";
import { findAdapted } from "./find-adapted.ts";
import { countSignificant } from "./find-chance-anchors.ts";
import { findMoves } from "./find-moves.ts";
import type { LineHunk } from "./line-hunk.ts";
import { countTokens, isCommonWord, isSignificant, isWord, toTokens } from "./line-words.ts";
import { type Origin, UNKNOWN } from "./origin.ts";
import { measureLikeness } from "./pair-edited.ts";
import { limitEvidence } from "./record/limit-evidence.ts";
import { settleLines, toAnchors } from "./settle-lines.ts";
import { toCommon } from "./to-common.ts";

/** Share of the significant lines of the shorter text that must agree for two texts to be states of one file. */
const LEAST_AGREEMENT = 0.3;

/** Nobody changes every line of a longer text in place, and many texts of other files are asked. */
const MOST_CHANGED = 50;

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
  const { text, isSettled, isWritten, editedFrom } = carryTraced(predecessor, lines, writer);
  const isBack = new Uint8Array(lines.length);
  const likeness = Float64Array.from(editedFrom, (a, b) =>
    a < 0 ? 0 : measureLikeness(predecessor.lines[a] as string, lines[b] as string),
  );
  const target = {
    ...{ lines, origins: [...text.origins], isSettled, isWritten, isBack, likeness },
    predecessor,
    before: Array.from(editedFrom, (a) => predecessor.lines[a]),
    aiLines: Array.from(editedFrom, (a) =>
      predecessor.origins[a]?.kind === "ai" ? predecessor.lines[a] : undefined,
    ),
    changedBy: mayBeChanged ? writer : undefined,
    isByAi: writer.kind === "ai",
  };
  for (const source of others) {
    if (!isSettled.includes(0)) break;
    const before = [...target.origins];
    lendLines(source, target);
    if (!target.isByAi) doubtAdapted(source, target, before);
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
  /** To the line that it is a changed form of; 0 for none. */
  readonly likeness: Float64Array;
  readonly predecessor: AttributedText;
  /** The predecessor's line that it is a changed form of; undefined for none. */
  readonly before: readonly (string | undefined)[];
  /** The line of an AI's that it is a changed form of, as far as one was found. */
  readonly aiLines: (string | undefined)[];
  /** Who changed what came back changed; undefined where the sources may be younger. */
  readonly changedBy: Origin | undefined;
  /** An AI that says in its own layout what a person had said before has written it. */
  readonly isByAi: boolean;
}

/** An undo brought it back as it was: whoever wrote it, it is neither the writer's nor a changed line of an AI's. */
function takeBack({ origins, isWritten, isSettled }: LentText, b: number): void {
  origins[b] = UNKNOWN;
  isWritten[b] = 0;
  isSettled[b] = 1;
}

/** What one source lent: nobody can say whose a block is that may as well be adapted from what others have in the text. */
function doubtAdapted(source: AttributedText, target: LentText, before: readonly Origin[]): void {
  const { lines, origins, aiLines, isSettled, predecessor } = target;
  const isLent = (b: number): boolean => origins[b]?.kind === "ai" && origins[b] !== before[b];
  if (!origins.some((_, b) => isLent(b))) return;
  const { editedFrom } = carryTraced(source, lines, UNKNOWN);
  const lineOf = (b: number): string | undefined => {
    if (isLent(b)) return isSettled[b] === 1 ? lines[b] : (aiLines[b] ?? lines[b]);
    const a = isSettled[b] === 1 ? -1 : (editedFrom[b] ?? -1);
    return source.origins[a]?.kind === "ai" ? source.lines[a] : undefined;
  };
  const others = predecessor.lines.filter((_, index) => predecessor.origins[index]?.kind !== "ai");
  for (const b of findAdapted({ lines, lineOf, others })) if (isLent(b)) takeBack(target, b);
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
  const sides = {
    source: source.lines,
    mayLend: (a: number) => isLent[a] === 0 && source.origins[a]?.kind !== "unknown",
    target: lines,
    mayTake: (b: number) => isSettled[b] === 0,
  };
  const isCommon = toCommon([target.predecessor, source]);
  for (const run of findMoves({ ...sides, isCommon }, "recalled"))
    for (let i = 0; i < run.length; i++) lend(target, run.b + i, source.origins[run.a + i]);
  // An AI's words or somebody else's: nobody can say whose.
  if (!target.isByAi)
    for (const run of findMoves(sides, "recalled")) target.isBack.fill(1, run.b, run.b + run.length);
  const doAgree = isLent.includes(1) || isLaidOut(source.lines, settled.reflows, lines);
  const isSmall = source.lines.length <= MOST_CHANGED && lines.length <= MOST_CHANGED;
  if (doAgree || isSmall || target.likeness.some((own) => own > 0))
    lendChanged(source, doAgree ? settled.reflows : [], target, doAgree);
}

/** A formatter may break every line there is: no line agrees then, and all of them say the same. */
function isLaidOut(
  source: readonly string[],
  reflows: readonly LineHunk[],
  lines: readonly string[],
): boolean {
  const agreed = countSignificant(reflows.flatMap(({ aStart, aEnd }) => source.slice(aStart, aEnd)));
  return agreed > 0 && areStatesOfOne(source, lines, agreed);
}

/** Whether so many significant lines in common make two texts states of one file. */
function areStatesOfOne(source: readonly string[], lines: readonly string[], agreed: number): boolean {
  return agreed >= Math.min(countSignificant(source), countSignificant(lines)) * LEAST_AGREEMENT;
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
 * A line that comes back in another layout, or changed in place, in a text that agrees with the source. What was moved meanwhile is
 * left to the stricter search above. Of several lines that it may be a changed form of, it is that of the one most like it.
 */
function lendChanged(
  source: AttributedText,
  reflows: readonly LineHunk[],
  target: LentText,
  doAgree: boolean,
): void {
  const { lines, isSettled, isWritten, isBack } = target;
  const carried = carryTraced(source, lines, UNKNOWN);
  const isForm = doAgree || isChangedForm(source.lines, carried.editedFrom, lines);
  for (const { bStart, bEnd } of reflows) {
    for (let b = bStart; b < bEnd; b++) {
      const origin = carried.text.origins[b];
      if (isWritten[b] === 1 && (origin?.kind === "ai" || (origin?.kind === "human" && !target.isByAi)))
        lend(target, b, origin);
    }
  }
  if (target.changedBy === undefined) return;
  for (const [b, a] of carried.editedFrom.entries()) {
    if (a < 0 || isSettled[b] === 1 || isBack[b] === 1 || !isSignificant(lines[b] as string)) continue;
    const old = { line: source.lines[a] as string, origin: source.origins[a] ?? UNKNOWN };
    if (!doAgree && !mayLendAlone(target, b, old, isForm)) continue;
    lendEdited(target, b, old);
  }
}

/**
 * Of a text that agrees in no line only what a line was before the predecessor's can lend: an AI's form of that one where the line still
 * says something that this form alone said. A line that is nothing like the predecessor's any more must have a word of the AI's that
 * this whole text lacks, in a text that is a changed form of the AI's as a whole.
 */
function mayLendAlone(
  { lines, before, likeness, predecessor }: LentText,
  b: number,
  old: OldLine,
  isForm: boolean,
): boolean {
  const now = lines[b] as string;
  const last = before[b];
  if (last !== undefined && likeness[b] !== 0)
    return old.origin.kind !== "ai" || hasRest(now, old.line, last);
  if (old.origin.kind !== "ai" || !isForm) return false;
  const words = new Set(toTokens(now).filter((token) => isWord(token) && !isCommonWord(token)));
  const known = new Set(predecessor.lines.flatMap(toTokens));
  return toTokens(old.line).some((token) => words.has(token) && !known.has(token));
}

/** Whether so many of all lines are changed forms of the source's that nothing else can have been there before. */
function isChangedForm(source: readonly string[], editedFrom: Int32Array, lines: readonly string[]): boolean {
  const changed = lines.filter((line, b) => (editedFrom[b] ?? -1) >= 0 && isSignificant(line)).length;
  return (
    changed > 0 && changed >= Math.max(countSignificant(source), countSignificant(lines)) * LEAST_AGREEMENT
  );
}

interface OldLine {
  readonly line: string;
  readonly origin: Origin;
}

/** What was changed meanwhile may have been deleted and typed anew: that it is the old line is a guess. */
function lendEdited(
  { lines, origins, isWritten, likeness, aiLines, changedBy = UNKNOWN }: LentText,
  b: number,
  old: OldLine,
): void {
  const own = measureLikeness(old.line, lines[b] as string);
  if (own <= (likeness[b] as number)) return;
  const aiLine = aiLines[b];
  // Whoever brings an AI's line back half-way does not make the other half a person's.
  if (old.origin.kind !== "ai" && aiLine !== undefined && hasRest(lines[b] as string, aiLine, old.line))
    return;
  if (old.origin.kind === "ai") aiLines[b] = old.line;
  likeness[b] = own;
  isWritten[b] = old.origin.kind === "ai" ? 0 : 1;
  origins[b] =
    old.origin.kind === "ai"
      ? { ...old.origin, extent: "edited", evidence: limitEvidence(old.origin.evidence, "inferred") }
      : toChanged(changedBy, old.origin, old.line);
}

/** Whether a line says something that its AI's form said and the form before that did not. */
function hasRest(line: string, aiLine: string, before: string): boolean {
  const [now, written, old] = [countTokens(line), countTokens(aiLine), countTokens(before)];
  return [...now].some(([token, count]) => Math.min(count, written.get(token) ?? 0) > (old.get(token) ?? 0));
}

/** Runs with a significant line, if the texts are states of one file at all; equal `}` mean nothing otherwise. */
function findAgreeingRuns(
  source: readonly string[],
  runs: readonly LineHunk[],
  lines: readonly string[],
): readonly LineHunk[] {
  const counts = runs.map(({ aStart, aEnd }) => countSignificant(source.slice(aStart, aEnd)));
  const agreed = counts.reduce((sum, count) => sum + count, 0);
  if (!areStatesOfOne(source, lines, agreed)) return [];
  return runs.filter((_, index) => (counts[index] as number) > 0);
}
