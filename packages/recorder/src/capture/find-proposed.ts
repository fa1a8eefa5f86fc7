// SPDX-License-Identifier: Apache-2.0
import { isSignificant, splitLines } from "@countersign/core/attribution";

/** Shorter pieces of a line stand in too many lines to say anything. */
const LEAST_PIECE = 6;
/** A call with more lines than this writes whole lines, not pieces of some. */
const MOST_PIECES = 200;

/**
 * Which of some lines stand in what a call wanted to write: as a line of it, or around a piece of a line. Trivial lines
 * go with a line beside them; alone they count only where the whole is nothing else.
 */
export function findProposed(
  lines: readonly string[],
  indices: readonly number[],
  proposed: readonly string[],
): ReadonlySet<number> {
  if (proposed.length === 0 || indices.length === 0) return new Set();
  const wanted = new Set(proposed.flatMap(splitLines).map((line) => line.trim()));
  const telltale = [...wanted].filter((piece) => piece.length >= LEAST_PIECE && isSignificant(piece));
  const pieces = telltale.length > MOST_PIECES ? [] : telltale;
  const isWanted = (line: string): boolean =>
    wanted.has(line.trim()) || pieces.some((piece) => line.includes(piece));
  const telling = indices.filter((index) => isSignificant(lines[index] as string));
  const found = new Set(telling.filter((index) => isWanted(lines[index] as string)));
  const others = indices.filter((index) => !isSignificant(lines[index] as string));
  return spread(
    found,
    others,
    telling.length === 0 ? (index) => isWanted(lines[index] as string) : undefined,
  );
}

/** Takes in the trivial lines right after found ones, then those right before; or decides them by themselves. */
export function spread(
  found: ReadonlySet<number>,
  others: readonly number[],
  isAlone: ((index: number) => boolean) | undefined = undefined,
): ReadonlySet<number> {
  const all = new Set(found);
  for (const index of others) if (isAlone?.(index) || all.has(index - 1)) all.add(index);
  for (const index of others.toReversed()) if (all.has(index + 1)) all.add(index);
  return all;
}
