// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, attributeLines, type Origin, UNKNOWN } from "@countersign/core/attribution";

const HUMAN: Origin = { kind: "human", evidence: "observed" };
/** So much may come at once and still be somebody's typing. */
const FREE_LINES = 40;
const FREE_CHARACTERS = 2000;
/** Faster than anybody types for long. */
const CHARACTERS_A_SECOND = 15;

export interface UnclaimedDelta {
  readonly lines: readonly string[];
  /** The direct predecessor, then texts that may lend. */
  readonly sources: readonly AttributedText[];
  /** False where something else may have written: another HEAD, an open shell. */
  readonly mayBeTyped: boolean;
  /** Since the last observation; negative where the clock went back, which counts as none. */
  readonly seconds: number;
}

/**
 * Text that changed while no agent's call was open: a person's, if it is as much as a person types. More was pasted or came
 * from something that nobody saw, and stays unknown.
 */
export function attributeUnclaimed({ lines, sources, mayBeTyped, seconds }: UnclaimedDelta): AttributedText {
  if (!mayBeTyped) return attributeLines(lines, sources, UNKNOWN);
  const typed: Origin = { ...HUMAN };
  const text = attributeLines(lines, sources, typed);
  const fresh = lines.filter((_, index) => text.origins[index] === typed);
  const characters = fresh.reduce((sum, line) => sum + line.length, 0);
  const isLittle = fresh.length <= FREE_LINES && characters <= FREE_CHARACTERS;
  if (isLittle || characters <= Math.max(0, seconds) * CHARACTERS_A_SECOND) return text;
  return attributeLines(lines, sources, UNKNOWN);
}
