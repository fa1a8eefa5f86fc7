// SPDX-License-Identifier: Apache-2.0
import {
  type AttributedText,
  attributeWritten,
  diffLines,
  EMPTY_TEXT,
  type Origin,
  UNKNOWN,
} from "@countersign/core/attribution";

const HUMAN: Origin = { kind: "human", evidence: "observed" };

/** So much may come at once and still be somebody's typing. */
const FREE_LINES = 40;
const FREE_CHARACTERS = 2000;
/** Faster than anybody types for long. */
const CHARACTERS_A_SECOND = 15;

export interface Delta {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Indices in `after` of the lines that somebody must have written. */
  readonly fresh: readonly number[];
  /** Since the last observation; negative where the clock went back, which counts as none. */
  readonly seconds: number;
}

/** Whether a change is as much as a person types. More was pasted or came from something that nobody saw. */
export function isTypable({ before, after, fresh, seconds }: Delta): boolean {
  const whole = fresh.reduce((sum, index) => sum + (after[index]?.length ?? 0), 0);
  const isFew = fresh.length <= FREE_LINES;
  if (isFew && whole <= FREE_CHARACTERS) return true;
  const allowed = Math.max(isFew ? FREE_CHARACTERS : 0, Math.max(0, seconds) * CHARACTERS_A_SECOND);
  return whole <= allowed || countTyped(before, after, new Set(fresh)) <= allowed;
}

/** Of a line that was changed in place only the middle was typed. */
function countTyped(before: readonly string[], after: readonly string[], fresh: ReadonlySet<number>): number {
  let typed = 0;
  for (const { aStart, aEnd, bStart, bEnd } of diffLines(before, after)) {
    const arePairs = aEnd - aStart === bEnd - bStart;
    for (let b = bStart; b < bEnd; b++) {
      if (!fresh.has(b)) continue;
      const old = arePairs ? (before[aStart + b - bStart] as string) : "";
      typed += countChanged(old, after[b] as string);
    }
  }
  return typed;
}

function countChanged(before: string, after: string): number {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail += 1;
  return after.length - head - tail;
}

export interface UnclaimedDelta {
  readonly lines: readonly string[];
  /** The direct predecessor, then texts that may lend. */
  readonly sources: readonly AttributedText[];
  /** False where something else may have written: another HEAD, an open shell. */
  readonly mayBeTyped: boolean;
  readonly seconds: number;
}

/** Text that changed while no agent's call was open: a person's, if it is as much as a person types. */
export function attributeUnclaimed({ lines, sources, mayBeTyped, seconds }: UnclaimedDelta): AttributedText {
  if (!mayBeTyped) return attributeWritten(lines, sources, UNKNOWN).text;
  const { text, fresh } = attributeWritten(lines, sources, HUMAN);
  const [before = EMPTY_TEXT] = sources;
  if (isTypable({ before: before.lines, after: lines, fresh, seconds })) return text;
  const isFresh = new Set(fresh);
  return { lines, origins: text.origins.map((origin, index) => (isFresh.has(index) ? UNKNOWN : origin)) };
}
