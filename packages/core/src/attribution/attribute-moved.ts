// SPDX-License-Identifier: Apache-2.0
import type { WrittenText } from "./attribute-lines.ts";
import type { AttributedText } from "./attributed-text.ts";
import { findMoves } from "./find-moves.ts";
import { limitEvidence } from "./record/limit-evidence.ts";

/** Another file's text. */
export interface OtherText extends AttributedText {
  /** Its lines left that file: then one that says much is followed alone; else only a block that nobody types by chance. */
  readonly isGone: boolean;
}

/**
 * The same text, where an AI's lines that the writer took over from other files are the AI's: cut there or copied, whoever pastes them
 * has not written them. Says `inferred`, since nobody saw them come.
 */
export function attributeMoved(written: WrittenText, others: readonly OtherText[]): WrittenText {
  const { lines } = written.text;
  const origins = [...written.text.origins];
  const isFresh = new Uint8Array(lines.length);
  for (const index of written.fresh) isFresh[index] = 1;
  for (const other of others) {
    if (!isFresh.includes(1)) break;
    const sides = {
      source: other.lines,
      mayLend: () => true,
      target: lines,
      mayTake: (b: number) => isFresh[b] === 1,
    };
    for (const { a, b, length } of findMoves(sides, other.isGone ? "recalled" : "copied")) {
      for (let i = 0; i < length; i++) {
        const origin = other.origins[a + i];
        if (origin?.kind !== "ai") continue;
        origins[b + i] = { ...origin, evidence: limitEvidence(origin.evidence, "inferred") };
        isFresh[b + i] = 0;
      }
    }
  }
  return { text: { lines, origins }, fresh: written.fresh.filter((index) => isFresh[index] === 1) };
}
