// SPDX-License-Identifier: Apache-2.0
import {
  type AttributedText,
  carry,
  type HashBytes,
  matchFingerprints,
  type Origin,
  UNKNOWN,
} from "@countersign/core/attribution";
import { type CandidateFile, toRanges, weaken } from "./candidate-file.ts";
import {
  type DerivationDraft,
  type DerivedFile,
  hasOpen,
  isOpen,
  type NearFile,
  startDraft,
  takeLine,
} from "./derivation-draft.ts";
import { fillTrivial } from "./fill-trivial.ts";
import type { TargetFile } from "./target-file.ts";

/**
 * Finds the added lines of a file again in what is known of other commits, the surest way first: the very same blob; lines
 * by fingerprint, nearest file first; text of the parent, for lines that were moved or changed in place; text of the
 * nearest candidates, for what a formatter did to them in between.
 */
export function deriveFile(target: TargetFile, near: readonly NearFile[], hash: HashBytes): DerivedFile {
  const draft = startDraft(target);
  takeSameBlob(draft, near);
  takeFingerprints(draft, near, hash);
  fillTrivial(draft, hash);
  followParents(draft, near, hash);
  for (const each of near) if (each.lines !== undefined) takeText(draft, each, each.lines);
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

function takeFingerprints(draft: DerivationDraft, near: readonly NearFile[], hash: HashBytes): void {
  if (!hasOpen(draft)) return;
  const candidates = near.map(({ file, closeness }) => toRanges(file, closeness));
  const { lines, isAdded } = draft.target;
  const kept = new Set(lines.filter((_, index) => isAdded[index] === 0).map((line) => line.trim()));
  const matches = matchFingerprints(lines, candidates, (index) => isOpen(draft, index), {
    hash,
    isRepeated: (index) => kept.has(lines[index]?.trim() ?? ""),
  });
  for (const [index, match] of matches.entries()) {
    const lender = match === undefined ? undefined : near[match.candidate];
    if (match === undefined || lender === undefined) continue;
    const grade = lender.closeness === "elsewhere" ? "inferred" : "derived";
    takeLine(draft, index, weaken(match.origin, grade), lender.file);
  }
}

/**
 * What the commit did to text that was there. The parent's lines get the origins that records of this path know; which of two equal
 * lines was whose is not told, so all of it is `inferred`. Only AI is followed: that a person moved unknown lines says nothing.
 */
function followParents(draft: DerivationDraft, near: readonly NearFile[], hash: HashBytes): void {
  const local = near.filter(({ closeness }) => closeness !== "elsewhere");
  if (local.length === 0 || !hasOpen(draft)) return;
  const candidates = local.map(({ file, closeness }) => toRanges(file, closeness));
  for (const lines of draft.target.parents) {
    const matches = matchFingerprints(lines, candidates, () => true, { hash });
    if (matches.every((match) => match?.origin.kind !== "ai")) continue;
    const origins = matches.map((match) => (match?.origin.kind === "ai" ? match.origin : UNKNOWN));
    const lenders = new Map(matches.map((match) => [match?.origin, local[match?.candidate ?? -1]?.file]));
    takeCarried(draft, { lines, origins }, (origin) => lenders.get(origin));
  }
}

function takeText(draft: DerivationDraft, { file }: NearFile, lines: readonly string[]): void {
  if (!hasOpen(draft)) return;
  const origins = lines.map((): Origin => UNKNOWN);
  for (const { first, last, origin } of file.ranges)
    for (let line = first; line <= Math.min(last, lines.length); line++) origins[line - 1] = origin;
  takeCarried(draft, { lines, origins }, () => file);
}

function takeCarried(
  draft: DerivationDraft,
  old: AttributedText,
  lenderOf: (origin: Origin) => CandidateFile | undefined,
): void {
  const carried = carry(old, draft.target.lines, UNKNOWN);
  const known = new Set(old.origins);
  for (const [index, origin] of carried.origins.entries()) {
    if (origin.kind !== "ai" || !isOpen(draft, index)) continue;
    // An edited line has an origin of its own, made from the old line's.
    const source = known.has(origin) ? origin : findSource(old.origins, origin);
    const lender = source === undefined ? undefined : lenderOf(source);
    if (lender !== undefined) takeLine(draft, index, weaken(origin, "inferred"), lender);
  }
}

function findSource(origins: readonly Origin[], edited: Origin): Origin | undefined {
  return origins.find(
    (origin) => origin.kind === "ai" && edited.kind === "ai" && origin.agent === edited.agent,
  );
}
