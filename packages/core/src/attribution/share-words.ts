// SPDX-License-Identifier: Apache-2.0
import { isCommonWord, isWord, toTokens } from "./line-words.ts";

/** How much of the words of its own that a text says another one says too, whatever their order and layout: 0 nothing, 1 all. */
export function shareWords(text: readonly string[], other: readonly string[]): number {
  const words = ownWords(text);
  const others = ownWords(other);
  let common = 0;
  for (const word of words) if (others.has(word)) common += 1;
  return common / Math.max(words.size, 1);
}

function ownWords(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap(toTokens).filter((token) => isWord(token) && !isCommonWord(token)));
}
