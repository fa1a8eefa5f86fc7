// SPDX-License-Identifier: Apache-2.0
import {
  type AttributedText,
  isSameOrigin,
  isSignificant,
  type Origin,
  splitLines,
} from "@countersign/core/attribution";

/**
 * Gives the lines that somebody was about to write to that writer: those that still have the origin `from` and whose text
 * stands in what the call proposed. Trivial lines only next to such a line. Lines that `except` holds too stay.
 */
export function claimProposed(
  text: AttributedText,
  proposed: readonly string[],
  to: Origin,
  from: Origin,
  except: readonly string[] = [],
): AttributedText {
  if (proposed.length === 0) return text;
  const wanted = lineSet(proposed);
  const kept = lineSet(except);
  const isFree = (index: number): boolean => {
    const origin = text.origins[index];
    return origin !== undefined && isSameOrigin(origin, from);
  };
  const isClaimed = text.lines.map((line, index) => {
    const words = line.trim();
    return isFree(index) && isSignificant(line) && wanted.has(words) && !kept.has(words);
  });
  const origins = text.origins.map((origin, index) => {
    if (isClaimed[index] === true) return to;
    const isBeside = isClaimed[index - 1] === true || isClaimed[index + 1] === true;
    return isBeside && isFree(index) && wanted.has(text.lines[index]?.trim() ?? "") ? to : origin;
  });
  return { lines: text.lines, origins };
}

function lineSet(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap(splitLines).map((line) => line.trim()));
}
