// SPDX-License-Identifier: Apache-2.0
import { trimBlanks } from "./line-key.ts";
import { isSignificant } from "./line-words.ts";
import { measureLikeness } from "./pair-edited.ts";

export interface AdaptedSearch {
  readonly lines: readonly string[];
  /** The line of an older text that a line (0-based) is thought to be, or to be a changed form of; undefined for none. */
  readonly lineOf: (index: number) => string | undefined;
  /** Lines of others than the older text's writer that stand in the text. */
  readonly others: readonly string[];
}

/** Pairs of lines that are compared word by word; where there are more, no block is doubted. */
const MOST_PAIRS = 50_000;

/**
 * Lines of blocks that are as likely somebody's copy of what others have in the text: who adapts a function to another name has all of its
 * lines in common with the AI's that adapted it too, and is no nearer to it in the changed ones. Blocks that are all as they were are never
 * doubted: they came back.
 */
export function findAdapted({ lines, lineOf, others }: AdaptedSearch): readonly number[] {
  const blocks = findBlocks(lines, lineOf);
  const isChanged = (b: number): boolean => trimBlanks(lineOf(b) ?? "") !== trimBlanks(lines[b] as string);
  const changed = blocks.flat().filter((b) => isSignificant(lines[b] as string) && isChanged(b));
  if (changed.length === 0 || changed.length * others.length > MOST_PAIRS) return [];
  const known = new Set(others.map(trimBlanks));
  const isTelling = (b: number): boolean => {
    const line = lines[b] as string;
    if (!isSignificant(line)) return false;
    if (!isChanged(b)) return !known.has(trimBlanks(line));
    const own = measureLikeness(lineOf(b) ?? "", line);
    return others.every((other) => measureLikeness(other, line) < own);
  };
  const adapted = new Set(changed);
  return blocks.filter((block) => block.some((b) => adapted.has(b)) && !block.some(isTelling)).flat();
}

function findBlocks(
  lines: readonly string[],
  lineOf: (index: number) => string | undefined,
): readonly (readonly number[])[] {
  const blocks: number[][] = [];
  for (const b of lines.keys()) {
    if (lineOf(b) === undefined) continue;
    const last = blocks.at(-1);
    if (last?.at(-1) === b - 1) last.push(b);
    else blocks.push([b]);
  }
  return blocks;
}
