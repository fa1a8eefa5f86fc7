// SPDX-License-Identifier: Apache-2.0
import { once } from "../ids/once.ts";
import { countTexts } from "./count-texts.ts";
import { diffLines } from "./diff-lines.ts";
import type { LineHunk } from "./line-hunk.ts";
import { toStyleKey, trimBlanks } from "./line-key.ts";
import { isSignificant } from "./line-words.ts";
import { findSpans, NONE, type Pairing, toPairing } from "./pairing.ts";

/**
 * Pairs lines that differ only in white space (indentation, alignment, line ends), quotes or a trailing comma or
 * semicolon. Where a block was indented, a `}` of another depth may by chance equal one at its old place, and so may a line
 * that stands several times; so a whole span between significant lines of which that cannot be is compared afresh if it
 * holds respaced significant lines.
 */
export function pairRespaced(old: readonly string[], lines: readonly string[], pairing: Pairing): Pairing {
  const result = Int32Array.from(pairing);
  const counts = once(() => [countTexts(old), countTexts(lines)]);
  const isAlone = (line: string): boolean => counts().every((side) => side.get(trimBlanks(line)) === 1);
  const isAnchor = ({ aStart, aEnd }: LineHunk): boolean => {
    const first = findSignificant(old, aStart, aEnd);
    return first < aEnd && (findSignificant(old, first + 1, aEnd) < aEnd || isAlone(old[first] as string));
  };
  for (const span of findSpans(pairing, old.length, isAnchor)) {
    if (span.aStart === span.aEnd || span.bStart === span.bEnd) continue;
    if (hasRespacedWords(old, lines, span, pairing)) pairByKey(old, lines, span, result);
    else for (const gap of findGaps(pairing, span)) pairInPlace(old, lines, gap, result);
  }
  return result;
}

/** The first one in `start..end`, else `end`. */
function findSignificant(lines: readonly string[], start: number, end: number): number {
  let at = start;
  while (at < end && !isSignificant(lines[at] as string)) at++;
  return at;
}

/** Stretches of a span in which no line has a partner on either side. */
function findGaps(pairing: Pairing, { aStart, aEnd, bStart, bEnd }: LineHunk): LineHunk[] {
  const inner = pairing.slice(bStart, bEnd).map((a) => (a === NONE ? NONE : a - aStart));
  return findSpans(inner, aEnd - aStart, () => true).map((gap) => ({
    aStart: gap.aStart + aStart,
    aEnd: gap.aEnd + aStart,
    bStart: gap.bStart + bStart,
    bEnd: gap.bEnd + bStart,
  }));
}

function hasRespacedWords(
  old: readonly string[],
  lines: readonly string[],
  span: LineHunk,
  pairing: Pairing,
): boolean {
  const kept = new Set(pairing.slice(span.bStart, span.bEnd));
  const keys = new Set<string>();
  for (let a = span.aStart; a < span.aEnd; a++) {
    if (!kept.has(a) && isSignificant(old[a] as string)) keys.add(toStyleKey(old[a] as string));
  }
  if (keys.size === 0) return false;
  for (let b = span.bStart; b < span.bEnd; b++) {
    if (pairing[b] === NONE && keys.has(toStyleKey(lines[b] as string))) return true;
  }
  return false;
}

/**
 * Trivial lines alone: only where each line is still at its place. A rewritten block that ends in a `}` of another
 * depth has not kept the old one. Fills in `result`, which is the caller's own.
 */
export function pairInPlace(
  old: readonly string[],
  lines: readonly string[],
  gap: LineHunk,
  result: Pairing,
): void {
  const { aStart, aEnd, bStart, bEnd } = gap;
  if (aEnd - aStart !== bEnd - bStart) return;
  for (let i = 0; i < aEnd - aStart; i++) {
    if (toStyleKey(old[aStart + i] as string) === toStyleKey(lines[bStart + i] as string))
      result[bStart + i] = aStart + i;
  }
}

function pairByKey(old: readonly string[], lines: readonly string[], part: LineHunk, result: Pairing): void {
  const { aStart, aEnd, bStart, bEnd } = part;
  if (aStart === aEnd || bStart === bEnd) return;
  const a = old.slice(aStart, aEnd).map(toStyleKey);
  const b = lines.slice(bStart, bEnd).map(toStyleKey);
  const inner = toPairing(diffLines(a, b), b.length);
  for (const [index, partner] of inner.entries())
    result[bStart + index] = partner === NONE ? NONE : partner + aStart;
}
