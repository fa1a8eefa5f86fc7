// SPDX-License-Identifier: Apache-2.0
import {
  type AttributedText,
  carry,
  countOwnBytes,
  findAdapted,
  matchFingerprints,
  measureLikeness,
  type Origin,
  UNKNOWN,
} from "@countersign/core/attribution";
import { findBringers } from "./brought-texts.ts";
import { type CandidateFile, weaken } from "./candidate-file.ts";
import { correctByHand, LEAST_BYTES } from "./correct-by-hand.ts";
import {
  type DerivationDraft,
  giveLine,
  hasOpen,
  isOpen,
  type NearFile,
  startDraft,
  takeLine,
  toRanges,
} from "./derivation-draft.ts";
import { fillTrivial } from "./fill-trivial.ts";
import { followParents } from "./follow-parents.ts";
import { printLine } from "./print-line.ts";
import type { Sighting } from "./sighting.ts";
import { takeChanged } from "./take-changed.ts";
import { findReplaced, type TargetFile } from "./target-file.ts";

/**
 * Finds the added lines of a file again in what is known of other commits, the surest way first: the very same blob; lines
 * by fingerprint, nearest file first; text of the parent, for lines that were moved or changed in place; text of what a squash swallowed,
 * for what a formatter did to it in between.
 */
export function deriveFile(
  target: TargetFile,
  near: readonly NearFile[],
  sighting?: Pick<Sighting, "byHand" | "over">,
): DerivationDraft {
  const draft = startDraft(target, sighting?.byHand);
  takeSameBlob(draft, near);
  takeFingerprints(draft, near);
  fillTrivial(draft);
  takeChanged(draft, near, sighting?.over ?? new Map());
  followParents(draft, near);
  const local = near.filter(({ closeness }) => closeness !== "elsewhere");
  const texts = near.flatMap(({ lines }) => (lines === undefined ? [] : [new Set(lines.map(printLine))]));
  for (const each of near) if (each.lines !== undefined) takeText(draft, each, each.lines, { local, texts });
  return draft;
}

/** Line for line. A record of the same content knows these lines, whatever the commit or the path is called. */
function takeSameBlob(draft: DerivationDraft, near: readonly NearFile[]): void {
  for (const { file } of near) {
    if (file.blob !== draft.target.blob) continue;
    for (const { first, last, origin } of file.ranges)
      for (let line = first; line <= Math.min(last, draft.target.lines.length); line++)
        takeLine(draft, line - 1, weaken(origin, "derived"), file);
  }
}

/** Lines that are found already are looked at with the others: what was added beside them is told by them. */
function takeFingerprints(draft: DerivationDraft, near: readonly NearFile[]): void {
  if (near.length === 0 || !(hasOpen(draft) || draft.byHand.size > 0)) return;
  const candidates = near.map(toRanges);
  const { lines, isAdded } = draft.target;
  const isKept = draft.target.isKept ?? findKeptLines(draft.target);
  const matches = matchFingerprints(lines, candidates, (index) => isAdded[index] === 1, {
    print: printLine,
    isRepeated: (index) => isKept(lines[index] ?? ""),
  });
  for (const [index, match] of matches.entries()) {
    const lender = match === undefined ? undefined : near[match.candidate];
    if (match === undefined || lender === undefined) continue;
    const grade = lender.closeness === "elsewhere" ? "inferred" : "derived";
    takeLine(draft, index, weaken(match.origin, grade), lender.file);
  }
  correctByHand(draft, near, matches);
}

/** Tells of a line whether it stands unchanged elsewhere in the file. */
export function findKeptLines({ lines, isAdded }: TargetFile): (line: string) => boolean {
  const kept = new Set(lines.filter((_, index) => isAdded[index] === 0).map((line) => line.trim()));
  return (line) => kept.has(line.trim());
}

/**
 * Only where an AI line of the text is gone: a formatter may have broken it, or somebody changed it before the squash. What the
 * candidate's own record does not say of its lines, records of the commits before it may.
 */
function takeText(
  draft: DerivationDraft,
  { file }: NearFile,
  lines: readonly string[],
  { local, texts }: { readonly local: readonly NearFile[]; readonly texts: Texts },
): void {
  const isBringer = findBringers(draft).some(
    ({ path, commit }) => path === file.path && commit === file.commit,
  );
  if (!hasOpen(draft) && !isBringer) return;
  const candidates = local.map(toRanges);
  const matches = matchFingerprints(lines, candidates, () => true, { print: printLine });
  const origins = matches.map((match): Origin => match?.origin ?? UNKNOWN);
  for (const { first, last, origin } of file.ranges)
    for (let line = first; line <= Math.min(last, lines.length); line++) origins[line - 1] = origin;
  if (!hasLost({ lines, origins }, draft.target.lines)) return;
  takeCarried(draft, { lines, origins }, file, texts);
  if (isBringer) correctChanged(draft, { lines, origins }, file);
}

function hasLost({ lines, origins }: AttributedText, present: readonly string[]): boolean {
  const prints = new Set(present.map(printLine));
  return lines.some((line, index) => origins[index]?.kind === "ai" && !prints.has(printLine(line)));
}

/** Fingerprints of the lines of each text that is at hand. */
type Texts = readonly ReadonlySet<string>[];

function takeCarried(draft: DerivationDraft, old: AttributedText, lender: CandidateFile, texts: Texts): void {
  const { lines, isAdded } = draft.target;
  const known = new Set(old.lines.map(printLine));
  const { origins } = carry(old, withoutBeside(lines, old, texts), UNKNOWN);
  const isSame = (index: number) => known.has(printLine(lines[index] as string));
  const found = origins.flatMap((origin, index) => {
    if (origin.kind !== "ai" || !isOpen(draft, index)) return [];
    const line = lines[index] as string;
    return isSame(index) || isNearerTo(old, line, findReplaced(draft.target, index)) ? [index] : [];
  });
  const candidates = new Set(found);
  const others = lines.filter((_, index) => isAdded[index] === 0);
  const lineOf = (index: number): string | undefined => {
    if (!candidates.has(index)) return undefined;
    return isSame(index) ? lines[index] : findNearest(old, lines[index] as string).line;
  };
  const adapted = new Set(findAdapted({ lines, lineOf, others }));
  for (const index of found) {
    const origin = origins[index];
    if (origin?.kind === "ai" && !adapted.has(index))
      takeLine(draft, index, weaken(origin, "inferred"), lender);
  }
}

/** The line of an AI's that is most like it; like it by 0 where there is none. */
function findNearest(
  { lines, origins }: AttributedText,
  line: string,
): { readonly line: string; readonly likeness: number } {
  let best = { line: "", likeness: 0 };
  for (const [index, other] of lines.entries()) {
    const likeness = origins[index]?.kind === "ai" ? measureLikeness(line, other) : 0;
    if (likeness > best.likeness) best = { line: other, likeness };
  }
  return best;
}

/** A line that stood beside all the AI's lines that are gone, in some text, is no changed form of any of them: it is taken out here. */
function withoutBeside(
  lines: readonly string[],
  { lines: old, origins }: AttributedText,
  texts: Texts,
): readonly string[] {
  const [before, now] = [new Set(old.map(printLine)), lines.map(printLine)];
  const present = new Set(now);
  const lost = old.filter((_, index) => origins[index]?.kind === "ai").map(printLine);
  const gone = lost.filter((print) => !present.has(print));
  const beside = texts.filter((text) => gone.every((print) => text.has(print)));
  return lines.map((line, index) => {
    const print = now[index] as string;
    return !before.has(print) && beside.some((text) => text.has(print)) ? NOTHING_LIKE : line;
  });
}

/** No line of a text file is anything like it. */
const NOTHING_LIKE = "\0\n";

/** What brought lines that looked typed brought those too that a person has changed since. */
function correctChanged(draft: DerivationDraft, old: AttributedText, lender: CandidateFile): void {
  const { lines } = draft.target;
  const { origins } = carry(old, lines, UNKNOWN);
  for (const index of draft.byHand) {
    const origin = origins[index];
    if (origin?.kind !== "ai" || draft.origins[index]?.kind !== "unknown") continue;
    if (countOwnBytes(lines[index] ?? "") >= LEAST_BYTES)
      giveLine(draft, index, weaken(origin, "inferred"), lender);
  }
}

/** Somebody may have changed the same line on another branch: then it resembles what stood there before as much. */
function isNearerTo(old: AttributedText, line: string, replaced: readonly string[]): boolean {
  const limit = replaced.reduce((most, other) => Math.max(most, measureLikeness(line, other)), 0);
  return limit === 0 || findNearest(old, line).likeness > limit;
}
