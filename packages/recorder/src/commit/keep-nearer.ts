// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, isSignificant, measureLikeness, UNKNOWN } from "@countersign/core/attribution";
import { findReplaced, type TargetFile } from "../derive/target-file.ts";

/** Half of what both lines say, as where lines of one text are paired. */
const LEAST_LIKENESS = 0.5;
/** Pairs of lines that are compared word by word; of more only the same ones count. Git waits meanwhile. */
const MOST_PAIRS = 20_000;

/**
 * A text that may have been thrown away, with those of its AI's lines only that a line of the file comes from more likely than from what
 * stood there before: it is the same, or more like it. Undefined where there is none.
 */
export function keepNearer(text: AttributedText, file: TargetFile): AttributedText | undefined {
  const before = new Set(file.parents.flat());
  const own = text.lines.flatMap((line, index) =>
    text.origins[index]?.kind === "ai" && isSignificant(line) && !before.has(line) ? [index] : [],
  );
  const added = file.lines.flatMap((line, index) =>
    file.isAdded[index] === 1 && isSignificant(line) ? [index] : [],
  );
  const same = new Set(added.map((index) => file.lines[index]));
  const limits = own.length * added.length > MOST_PAIRS ? [] : added.map((index) => findLimit(file, index));
  const nearer = own.filter((index) => {
    const line = text.lines[index] as string;
    return same.has(line) || limits.some((limit) => measureLikeness(line, limit.line) > limit.likeness);
  });
  if (nearer.length === 0) return undefined;
  const kept = new Set(nearer);
  return {
    lines: text.lines,
    origins: text.origins.map((origin, index) => (kept.has(index) ? origin : UNKNOWN)),
  };
}

interface Limit {
  readonly line: string;
  readonly likeness: number;
}

/** How much a line is like the most similar one that stood where it stands; half of it at least. */
function findLimit(file: TargetFile, index: number): Limit {
  const line = file.lines[index] as string;
  const likeness = findReplaced(file, index).map((other) => measureLikeness(other, line));
  return { line, likeness: likeness.reduce((most, one) => Math.max(most, one), LEAST_LIKENESS) };
}
