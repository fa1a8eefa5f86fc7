// SPDX-License-Identifier: Apache-2.0
import type { WrittenText } from "./attribute-lines.ts";
import type { AttributedText } from "./attributed-text.ts";
import { findMoves } from "./find-moves.ts";
import type { Run } from "./find-runs.ts";
import type { LineHunk } from "./line-hunk.ts";
import type { Origin } from "./origin.ts";
import { pairEdited } from "./pair-edited.ts";
import { limitEvidence } from "./record/limit-evidence.ts";

/** Another file's text. */
export interface OtherText extends AttributedText {
  /** Its lines left that file: then one that says much is followed alone; else only a block that nobody types by chance. */
  readonly isGone: boolean;
}

/** Origins as far as they are found. Lives within one call. */
interface MovedDraft {
  readonly lines: readonly string[];
  readonly origins: Origin[];
  /** 1 for lines that are the writer's so far. */
  readonly isFresh: Uint8Array;
}

/**
 * The same text, where an AI's lines that the writer took over from other files are the AI's: cut there or copied, whoever pastes them
 * has not written them, and who changes one of them then has changed the AI's. Says `inferred`, since nobody saw them come.
 */
export function attributeMoved(written: WrittenText, others: readonly OtherText[]): WrittenText {
  const { lines, origins } = written.text;
  const draft = { lines, origins: [...origins], isFresh: new Uint8Array(lines.length) };
  for (const index of written.fresh) draft.isFresh[index] = 1;
  for (const other of others) {
    if (!draft.isFresh.includes(1)) break;
    const runs = findMoves(
      {
        source: other.lines,
        mayLend: () => true,
        target: lines,
        mayTake: (b) => draft.isFresh[b] === 1,
      },
      other.isGone ? "recalled" : "copied",
    );
    for (const { a, b, length } of runs)
      for (let i = 0; i < length; i++) take(draft, b + i, other.origins[a + i]);
    for (const gap of findGaps(runs)) takeEdited(draft, other, gap);
  }
  const fresh = written.fresh.filter((index) => draft.isFresh[index] === 1);
  return { text: { lines, origins: draft.origins }, fresh };
}

function take({ origins, isFresh }: MovedDraft, b: number, origin: Origin | undefined): void {
  if (origin?.kind !== "ai" || isFresh[b] !== 1) return;
  origins[b] = { ...origin, evidence: limitEvidence(origin.evidence, "inferred") };
  isFresh[b] = 0;
}

/** What stands between neighbouring runs that have the same order on both sides. */
function findGaps(runs: readonly Run[]): readonly LineHunk[] {
  const sorted = [...runs].sort((x, y) => x.b - y.b);
  return sorted.slice(1).flatMap((next, index) => {
    const { a, b, length } = sorted[index] as Run;
    const gap = { aStart: a + length, aEnd: next.a, bStart: b + length, bEnd: next.b };
    return gap.aStart < gap.aEnd && gap.bStart < gap.bEnd ? [gap] : [];
  });
}

function takeEdited(draft: MovedDraft, other: OtherText, { aStart, aEnd, bStart, bEnd }: LineHunk): void {
  for (const { a, b } of pairEdited(other.lines.slice(aStart, aEnd), draft.lines.slice(bStart, bEnd))) {
    const origin = other.origins[aStart + a];
    if (origin?.kind === "ai") take(draft, bStart + b, { ...origin, extent: "edited" });
  }
}
