// SPDX-License-Identifier: Apache-2.0
import { isCommonWord, isSignificant, isWord, toTokens } from "./line-words.ts";
import type { EditedPair } from "./pair-edited.ts";

/** Lost lines times gained lines that are compared; beyond that a gap is a rewrite, and no pieces are looked for. */
const MOST_CELLS = 65_536;

/**
 * Pieces of lost lines among what a gap gained: a formatter broke a line and somebody typed between its pieces, so that
 * the whole is no reflow any more. A piece says nothing that the lost line did not say, and no two pieces share a word
 * of it. Lines that are in `pairs` already have said their part. Both sides and pairs as {@link pairEdited} has them.
 */
export function pairPieces(
  lost: readonly string[],
  gained: readonly string[],
  pairs: readonly EditedPair[],
): EditedPair[] {
  const isPaired = new Set(pairs.map(({ b }) => b));
  const open = gained.flatMap((line, b) => (isPaired.has(b) || !isSignificant(line) ? [] : [b]));
  if (open.length === 0 || lost.length * open.length > MOST_CELLS) return [];
  const left = lost.map(countWords);
  for (const { a, b } of pairs) takeWords(left[a] as WordCounts, countWords(gained[b] as string));
  const pieces = open.flatMap((b) => {
    const words = countWords(gained[b] as string);
    const a = left.findIndex((own) => hasWords(own, words));
    if (a < 0) return [];
    takeWords(left[a] as WordCounts, words);
    return [{ a, b }];
  });
  const known = [...pairs, ...pieces];
  const isTaken = new Set(known.map(({ b }) => b));
  const strange = open
    .filter((b) => !isTaken.has(b))
    .map((b) => ({ b, count: sumWords(countWords(gained[b] as string)) }));
  return strange.length === 0 ? pieces : [...pieces, ...pairExchanged(strange, known, lost, left)];
}

/**
 * Somebody also changed words of the line that was broken: lines among its pieces that have as many words as the pieces left over are
 * what the line says there now. One word more, and somebody typed something of their own.
 */
function pairExchanged(
  strange: readonly { readonly b: number; readonly count: number }[],
  known: readonly EditedPair[],
  lost: readonly string[],
  left: readonly WordCounts[],
): readonly EditedPair[] {
  const places = Map.groupBy(known, ({ a }) => a);
  return [...places].flatMap(([a, own]): readonly EditedPair[] => {
    const missing = sumWords(left[a] as WordCounts);
    if (missing === 0 || 2 * missing > sumWords(countWords(lost[a] as string))) return [];
    const at = own.map(({ b }) => b);
    const [first, last] = [Math.min(...at), Math.max(...at)];
    const among = strange.filter(({ b }) => b > first && b < last);
    const beside = strange.filter(({ b }) => b === last + 1 || b === first - 1);
    const found = [among, ...beside.map((one) => [one])].find(
      (lines) => lines.reduce((sum, { count }) => sum + count, 0) === missing,
    );
    return (found ?? []).map(({ b }) => ({ a, b }));
  });
}

/** Those of the pairs that are pieces of a line which was broken: of several such lines none says what the lost line did not say. */
export function findPieces(
  lost: readonly string[],
  gained: readonly string[],
  pairs: readonly EditedPair[],
): readonly EditedPair[] {
  const own = pairs.filter(({ a, b }) =>
    hasWords(countWords(lost[a] as string), countWords(gained[b] as string)),
  );
  return [...Map.groupBy(own, ({ a }) => a).values()].flatMap((pieces) => (pieces.length > 1 ? pieces : []));
}

function sumWords(words: WordCounts): number {
  return [...words.values()].reduce((sum, count) => sum + count, 0);
}

type WordCounts = Map<string, number>;

/** Words of its own: keywords and marks are in every line. */
function countWords(line: string): WordCounts {
  const counts: WordCounts = new Map();
  for (const token of toTokens(line))
    if (isWord(token) && !isCommonWord(token)) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}

function hasWords(own: WordCounts, words: WordCounts): boolean {
  return [...words].every(([word, count]) => (own.get(word) ?? 0) >= count);
}

function takeWords(own: WordCounts, words: WordCounts): void {
  for (const [word, count] of words) own.set(word, Math.max(0, (own.get(word) ?? 0) - count));
}
