// SPDX-License-Identifier: Apache-2.0
import {
  carry,
  type FingerprintMatch,
  type LineHunk,
  matchFingerprints,
  type Origin,
  UNKNOWN,
} from "@countersign/core/attribution";
import { type CandidateFile, weaken } from "./candidate-file.ts";
import {
  type DerivationDraft,
  hasOpen,
  isOpen,
  type NearFile,
  takeLine,
  toRanges,
} from "./derivation-draft.ts";
import { printLine } from "./print-line.ts";

/** Lines around a change that are looked at with it: what was moved or rewritten is told by its neighbours. */
const CONTEXT = 5;

/**
 * What the commit did to text that was there. The parent's lines get the origins that records of this path know; which of two
 * equal lines was whose is not told, so all of it is `inferred`. Of a person's lines only the pieces are followed into which a formatter
 * broke them: that somebody moved or changed them says nothing.
 */
export function followParents(draft: DerivationDraft, near: readonly NearFile[]): void {
  const local = near.filter(({ closeness }) => closeness !== "elsewhere");
  const { parents, hunks } = draft.target;
  if (local.length === 0 || hunks === undefined || !hasOpen(draft)) return;
  const prints = new Set(local.flatMap(({ file }) => printsOf(file, "ai")));
  const typed = new Set(local.flatMap(({ file }) => printsOf(file, "human")));
  for (const [i, lines] of parents.entries()) {
    const own = hunks[i] ?? [];
    const isTouched = own.some(({ aStart, aEnd, bStart, bEnd }) => {
      const isBroken = bEnd - bStart > aEnd - aStart;
      const gone = lines.slice(aStart, aEnd).map(printLine);
      return gone.some((print) => prints.has(print) || (isBroken && typed.has(print)));
    });
    if (isTouched || isWhole(draft, own)) followParent(draft, { lines, hunks: own }, local);
  }
}

function printsOf({ ranges }: CandidateFile, kind: Origin["kind"]): readonly string[] {
  return ranges.flatMap(({ origin, fingerprints }) => (origin.kind === kind ? fingerprints : []));
}

/** A renamed file is new under its path: what it kept is added too, and has to be followed as a whole. */
function isWhole({ target }: DerivationDraft, hunks: readonly LineHunk[]): boolean {
  const changed = hunks.reduce((sum, { bStart, bEnd }) => sum + bEnd - bStart, 0);
  return target.isAdded.every((one) => one === 1) && changed < target.lines.length;
}

interface Parent {
  readonly lines: readonly string[];
  readonly hunks: readonly LineHunk[];
}

function followParent(draft: DerivationDraft, parent: Parent, local: readonly NearFile[]): void {
  const { lines } = draft.target;
  const everything = { aStart: 0, aEnd: parent.lines.length, bStart: 0, bEnd: lines.length };
  const windows = isWhole(draft, parent.hunks) ? [everything] : toWindows(parent, lines.length);
  const before = windows.flatMap(({ aStart, aEnd }) => range(aStart, aEnd));
  const after = windows.flatMap(({ bStart, bEnd }) => range(bStart, bEnd));
  const old = before.map((index) => parent.lines[index] ?? "");
  const candidates = local.map(toRanges);
  const matches = matchFingerprints(old, candidates, () => true, { print: printLine });
  const origins = matches.map((match): Origin => match?.origin ?? UNKNOWN);
  const whole = new Set(old.map(printLine));
  const carried = carry(
    { lines: old, origins },
    after.map((index) => lines[index] ?? ""),
    UNKNOWN,
  );
  for (const [at, origin] of carried.origins.entries()) {
    const index = after[at] ?? -1;
    if (origin.kind === "unknown" || !isOpen(draft, index)) continue;
    if (origin.kind === "human" && whole.has(printLine(lines[index] ?? ""))) continue;
    const lender = findLender(origin, matches, local);
    if (lender !== undefined) takeLine(draft, index, weaken(origin, "inferred"), lender);
  }
}

/** Hunks with the lines around them, joined where they touch. */
function toWindows({ lines, hunks }: Parent, length: number): readonly LineHunk[] {
  const windows: LineHunk[] = [];
  for (const { aStart, aEnd, bStart, bEnd } of hunks) {
    const last = windows.at(-1);
    const before = Math.min(CONTEXT, aStart - (last?.aEnd ?? 0), bStart - (last?.bEnd ?? 0));
    const after = Math.min(CONTEXT, lines.length - aEnd, length - bEnd);
    // The context after the last hunk may reach into this one.
    if (last !== undefined && before < 0)
      windows[windows.length - 1] = { ...last, aEnd: aEnd + after, bEnd: bEnd + after };
    else
      windows.push({
        aStart: aStart - before,
        aEnd: aEnd + after,
        bStart: bStart - before,
        bEnd: bEnd + after,
      });
  }
  return windows;
}

function range(start: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
}

/** An edited line has an origin of its own, made from the old line's; the agent is the same value. */
function findLender(
  origin: Exclude<Origin, { kind: "unknown" }>,
  matches: readonly (FingerprintMatch | undefined)[],
  local: readonly NearFile[],
): CandidateFile | undefined {
  const match = matches.find((each) =>
    origin.kind === "ai" && each?.origin.kind === "ai"
      ? each.origin.agent === origin.agent
      : each?.origin.kind === origin.kind,
  );
  return match === undefined ? undefined : local[match.candidate]?.file;
}
