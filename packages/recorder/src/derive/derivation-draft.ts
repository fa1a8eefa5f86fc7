// SPDX-License-Identifier: Apache-2.0
import { type CandidateRanges, type Origin, UNKNOWN } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import type { CandidateFile } from "./candidate-file.ts";
import type { TargetFile } from "./target-file.ts";

/** A candidate as it stands to one target. */
export interface NearFile {
  readonly file: CandidateFile;
  readonly closeness: CandidateRanges["closeness"];
  /** Lines of its blob, where the content is at hand and may tell more than fingerprints can. */
  readonly lines?: readonly string[];
  /** Fingerprints of lines that the target's commit took away from the candidate's path, or of all where the target repeats that file. */
  readonly alone?: ReadonlySet<string> | undefined;
}

export function toRanges({ file, closeness, alone }: NearFile): CandidateRanges {
  return { closeness, ranges: file.ranges, alone };
}

/** Origins of a file's added lines as far as they are found; everything else stays unknown. */
export interface DerivedFile {
  readonly target: TargetFile;
  readonly origins: readonly Origin[];
  /** Commits that lent. */
  readonly lenders: ReadonlySet<ObjectId>;
}

/** Filled step by step; every step takes only what is still open. */
export interface DerivationDraft extends DerivedFile {
  readonly origins: Origin[];
  readonly lenders: Set<ObjectId>;
  /** By line, the candidate that lent; undefined where none did. */
  readonly lentBy: (CandidateFile | undefined)[];
  /** Lines (0-based) that are not looked for: somebody saw a person type them. */
  readonly byHand: ReadonlySet<number>;
}

export function startDraft(target: TargetFile, byHand: ReadonlySet<number> = new Set()): DerivationDraft {
  return {
    target,
    byHand,
    origins: target.lines.map(() => UNKNOWN),
    lenders: new Set(),
    lentBy: target.lines.map(() => undefined),
  };
}

export function isOpen({ target, origins, byHand }: DerivationDraft, index: number): boolean {
  return target.isAdded[index] === 1 && origins[index]?.kind === "unknown" && !byHand.has(index);
}

export function hasOpen(draft: DerivationDraft): boolean {
  return draft.origins.some((_, index) => isOpen(draft, index));
}

export function takeLine(draft: DerivationDraft, index: number, origin: Origin, lender: CandidateFile): void {
  if (origin.kind !== "unknown" && isOpen(draft, index)) giveLine(draft, index, origin, lender);
}

/** Whatever anybody saw. */
export function giveLine(draft: DerivationDraft, index: number, origin: Origin, lender: CandidateFile): void {
  draft.origins[index] = origin;
  draft.lenders.add(lender.commit);
  draft.lentBy[index] = lender;
}

/** The line is open again, as if nobody had lent it. */
export function giveBack({ origins, lenders, lentBy }: DerivationDraft, index: number): void {
  const lender = lentBy[index];
  origins[index] = UNKNOWN;
  lentBy[index] = undefined;
  if (lender !== undefined && lentBy.every((other) => other?.commit !== lender.commit))
    lenders.delete(lender.commit);
}
