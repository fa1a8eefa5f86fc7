// SPDX-License-Identifier: Apache-2.0
import { internLines } from "./intern-lines.ts";
import { isSignificant } from "./line-words.ts";
import { NONE, type Pairing } from "./pairing.ts";

/** Equal lines around one that stands once on either side, `b - a` apart. */
interface Block {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** Each is held against the whole text; in a text with more nobody sees what moved. */
const MOST_BLOCKS = 200;

export interface PairedBlocks {
  readonly pairing: Pairing;
  /** Takes from a pairing what stands in a block that moved. Changes it, which is the caller's own. */
  readonly freeMoved: (pairing: Pairing) => void;
}

/**
 * Of functions that are alike, a shortest diff keeps the lines that all of them have at their places and tears apart the one that moved, or was put
 * between. Lines that were paired so go with the block in which they stand, where that is longer and has a line of its own: paired with it where no more
 * than that is crossed, else without a partner, for the search of moves.
 */
export function pairBlocks(old: readonly string[], lines: readonly string[], pairing: Pairing): PairedBlocks {
  if (!pairing.includes(NONE)) return { pairing, freeMoved: () => undefined };
  const texts = internLines(old, lines);
  const unique = findUnique(texts);
  const isTelling = (b: number): boolean => isSignificant(lines[b] as string);
  const runs = measureRuns(pairing, (b) => unique[b] !== NONE && isTelling(b));
  const result = Int32Array.from(pairing);
  const torn = findTorn(findBlocks({ ...texts, pairing, unique, runs, isTelling }), pairing);
  const blocks = torn.toSorted((x, y) => y.length - x.length).slice(0, MOST_BLOCKS);
  for (const block of blocks) release(result, block, runs);
  const moved = blocks.filter((block) => !pairBlock(result, block, runs));
  return {
    pairing: result,
    freeMoved: (later) => {
      for (const block of moved) release(later, block, runs);
    },
  };
}

interface Texts {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly count: number;
}

/** For each new line the one old line that reads the same, if it stands once on either side. */
function findUnique({ a, b, count }: Texts): Int32Array {
  const [inOld, inNew] = [new Int32Array(count), new Int32Array(count)];
  const places = new Int32Array(count);
  for (const [index, id] of a.entries()) {
    inOld[id] = (inOld[id] as number) + 1;
    places[id] = index;
  }
  for (const id of b) inNew[id] = (inNew[id] as number) + 1;
  return b.map((id) => (inOld[id] === 1 && inNew[id] === 1 ? (places[id] as number) : NONE));
}

/** By new line, how many lines were paired in one piece with it: 0 for none, infinitely many where one of them is sure. */
function measureRuns(pairing: Pairing, isSure: (b: number) => boolean): Float64Array {
  const lengths = new Float64Array(pairing.length);
  for (let b = 0; b < pairing.length; b++) {
    if (pairing[b] === NONE) continue;
    const start = b;
    while (b + 1 < pairing.length && pairing[b + 1] === (pairing[b] as number) + 1) b++;
    let length = b + 1 - start;
    for (let i = start; i <= b; i++) if (isSure(i)) length = Number.POSITIVE_INFINITY;
    lengths.fill(length, start, b + 1);
  }
  return lengths;
}

interface BlockSearch extends Texts {
  readonly pairing: Pairing;
  readonly unique: Int32Array;
  readonly runs: Float64Array;
  readonly isTelling: (b: number) => boolean;
}

function findBlocks({ a, b, pairing, unique, runs, isTelling }: BlockSearch): readonly Block[] {
  const sureOld = new Uint8Array(a.length);
  for (const [index, partner] of pairing.entries())
    if (partner !== NONE && runs[index] === Number.POSITIVE_INFINITY) sureOld[partner] = 1;
  const isEqual = (i: number, j: number): boolean =>
    i >= 0 &&
    j >= 0 &&
    i < a.length &&
    j < b.length &&
    a[i] === b[j] &&
    sureOld[i] === 0 &&
    Number.isFinite(runs[j]);
  const blocks: Block[] = [];
  const reached = new Map<number, number>();
  for (const [j, i] of unique.entries()) {
    if (i === NONE || pairing[j] !== NONE || !isTelling(j) || (reached.get(j - i) ?? -1) >= j) continue;
    let [before, after] = [0, 1];
    while (isEqual(i - before - 1, j - before - 1)) before++;
    while (isEqual(i + after, j + after)) after++;
    reached.set(j - i, j + after - 1);
    blocks.push({ a: i - before, b: j - before, length: before + after });
  }
  return blocks;
}

/** Of which some line was paired with another one. */
function findTorn(blocks: readonly Block[], pairing: Pairing): readonly Block[] {
  const isUsed = new Set(pairing);
  return blocks.filter(({ a, b, length }) =>
    Array.from({ length }, (_, index) => index).some((i) => pairing[b + i] !== NONE || isUsed.has(a + i)),
  );
}

/** Shorter pieces give up what the block has, on either side. */
function release(result: Pairing, { a, b, length }: Block, runs: Float64Array): void {
  for (const [j, i] of result.entries()) {
    const isIn = (j >= b && j < b + length) || (i !== NONE && i >= a && i < a + length);
    if (isIn && i - j !== a - b && (runs[j] as number) < length) result[j] = NONE;
  }
}

/** False where that would cross what is surer. */
function pairBlock(result: Pairing, { a, b, length }: Block, runs: Float64Array): boolean {
  const isIn = (j: number): boolean => j >= b && j < b + length;
  const crossed: number[] = [];
  for (const [j, i] of result.entries()) {
    if (i === NONE || (isIn(j) ? i - j === a - b : j < b ? i < a : i >= a + length)) continue;
    if (!((runs[j] as number) < length) || crossed.push(j) >= length) return false;
  }
  for (const j of crossed) result[j] = NONE;
  for (let index = 0; index < length; index++) result[b + index] = a + index;
  return true;
}
