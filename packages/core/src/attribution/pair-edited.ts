// SPDX-License-Identifier: Apache-2.0
import { isCommonWord, isSignificant, isWord, toTokens } from "./line-words.ts";

/** A gained line and the lost line that it is a changed form of. */
export interface EditedPair {
  readonly a: number;
  readonly b: number;
}

/** Half of what both lines say, weighed by {@link weighToken}. */
const LEAST_SIMILARITY = 0.5;
/** Pairs compared in full; beyond that only near the place where the last pair stood. */
const MOST_CELLS = 4096;
const REACH = 12;

/**
 * Lines that were rewritten in place: similar enough, in order, and together as similar as can be. Both sides are what
 * one gap lost and gained; pairs are indices into them. Trivial lines resemble one another by nature, so they only
 * count where the gap kept its number of lines.
 */
export function pairEdited(lost: readonly string[], gained: readonly string[]): EditedPair[] {
  const a = lost.map(weighLine);
  const b = gained.map(weighLine);
  const score = (i: number, j: number): number => {
    const [x, y] = [a[i] as WeighedLine, b[j] as WeighedLine];
    if ((!x.isSignificant || !y.isSignificant) && (a.length !== b.length || i !== j)) return 0;
    const similarity = measureSimilarity(x, y);
    return similarity < LEAST_SIMILARITY ? 0 : similarity;
  };
  const choose = a.length * b.length <= MOST_CELLS ? chooseBest : chooseNear;
  return choose(a.length, b.length, score);
}

/** How much of what two lines say they have in common: 0 nothing, 1 all. */
export function measureLikeness(a: string, b: string): number {
  return measureSimilarity(weighLine(a), weighLine(b));
}

interface WeighedLine {
  readonly weights: ReadonlyMap<string, number>;
  readonly total: number;
  readonly isSignificant: boolean;
}

function weighLine(line: string): WeighedLine {
  const weights = new Map<string, number>();
  let total = 0;
  for (const token of toTokens(line)) {
    const weight = weighToken(token);
    weights.set(token, (weights.get(token) ?? 0) + weight);
    total += weight;
  }
  return { weights, total, isSignificant: isSignificant(line) };
}

/** Marks and keywords are alike in most lines; names, numbers and words are not. */
function weighToken(token: string): number {
  if (!isWord(token)) return 0.25;
  return isCommonWord(token) ? 1 : 2;
}

function measureSimilarity(x: WeighedLine, y: WeighedLine): number {
  if (x.total === 0 || y.total === 0) return 0;
  let common = 0;
  for (const [token, weight] of x.weights) common += Math.min(weight, y.weights.get(token) ?? 0);
  return (2 * common) / (x.total + y.total);
}

type Score = (i: number, j: number) => number;

/** In-order pairs with the highest sum of scores. */
function chooseBest(rows: number, columns: number, score: Score): EditedPair[] {
  const width = columns + 1;
  const best = new Float64Array((rows + 1) * width);
  const scores = new Float64Array(rows * columns);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const own = score(i, j);
      scores[i * columns + j] = own;
      const paired = own > 0 ? own + (best[(i + 1) * width + j + 1] as number) : 0;
      best[i * width + j] = Math.max(
        paired,
        best[(i + 1) * width + j] as number,
        best[i * width + j + 1] as number,
      );
    }
  }
  const pairs: EditedPair[] = [];
  for (let [i, j] = [0, 0]; i < rows && j < columns; ) {
    const own = scores[i * columns + j] as number;
    const here = best[i * width + j] as number;
    if (own > 0 && here === own + (best[(i + 1) * width + j + 1] as number)) pairs.push({ a: i++, b: j++ });
    else if (here === best[(i + 1) * width + j]) i++;
    else j++;
  }
  return pairs;
}

function chooseNear(rows: number, columns: number, score: Score): EditedPair[] {
  const pairs: EditedPair[] = [];
  let next = 0;
  for (let j = 0; j < columns && next < rows; j++) {
    let best = { i: -1, score: 0 };
    for (let i = next; i < Math.min(next + REACH, rows); i++) {
      const own = score(i, j);
      if (own > best.score) best = { i, score: own };
    }
    if (best.i < 0) continue;
    pairs.push({ a: best.i, b: j });
    next = best.i + 1;
  }
  return pairs;
}
