// SPDX-License-Identifier: Apache-2.0
import { once } from "../ids/once.ts";
import { countTexts } from "./count-texts.ts";
import { ABSENT, chooseRuns, findRuns, type Run } from "./find-runs.ts";
import { trimBlanks } from "./line-key.ts";
import { countOwnBytes, isSignificant } from "./line-words.ts";

/** Significant lines that make a block worth following by themselves. */
export const LEAST_LINES = 3;
/**
 * How much one line must say, in bytes of own words, to be followed alone if it stands once on either side; or, of two states of one
 * text, as often in the one as in the other, where nothing else that says something left its place or came to the new one. A line that
 * left one place in the same change that brought it to another was moved; one that an older text also has may be a coincidence; and a
 * line that is still where it was never goes alone. `sorted`: most of the text stayed, and no AI changed it; who puts a line elsewhere
 * in it does not write it, however short.
 */
const LONG_LINE = { sorted: 3, moved: 12, recalled: 20, copied: Number.POSITIVE_INFINITY } as const;

export interface MoveSides {
  readonly source: readonly string[];
  /** Which lines may lend. */
  readonly mayLend: (index: number) => boolean;
  readonly target: readonly string[];
  /** Which lines look for an origin. */
  readonly mayTake: (index: number) => boolean;
  /** Texts without white space around them that some other writer said too: a block of nothing else is nobody's mark. By default none. */
  readonly isCommon?: (text: string) => boolean;
}

/**
 * Blocks of the source that stand elsewhere in the target, indented as they like. Trivial lines go with a block that
 * they stand in or touch, never alone. Every line lends once, unless it is copied.
 */
export function findMoves(sides: MoveSides, kind: keyof typeof LONG_LINE): readonly Run[] {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  const target = Int32Array.from(sides.target, (line, index) => {
    if (!sides.mayTake(index)) return ABSENT;
    const text = trimBlanks(line);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, texts.length);
    texts.push(text);
    return texts.length - 1;
  });
  const source = Int32Array.from(sides.source, (line, index) =>
    sides.mayLend(index) ? (numbers.get(trimBlanks(line)) ?? ABSENT) : ABSENT,
  );
  const areSignificant = texts.map(isSignificant);
  const isTelling = texts.map((text, id) => areSignificant[id] === true && sides.isCommon?.(text) !== true);
  const isState = kind === "moved" || kind === "sorted";
  const counts = once(() => [countTexts(sides.source), countTexts(sides.target)] as const);
  const isUnique = (text: string): boolean => counts().every((side) => side.get(text) === 1);
  const isBalanced = (text: string): boolean => counts()[0].get(text) === counts()[1].get(text);
  const left = once(() => countWordsAround(sides.source, sides.mayLend));
  const come = once(() => countWordsAround(sides.target, sides.mayTake));
  const isWhole = ({ a, b }: Run, count: number): boolean => left()[a] === count || come()[b] === count;
  const mayGoAlone = (text: string, run: Run, count: number): boolean =>
    countOwnBytes(text) >= LONG_LINE[kind] &&
    (isUnique(text) || (isState && isBalanced(text) && isWhole(run, count)));
  const weigh = (run: Run): number => {
    const ids = target.subarray(run.b, run.b + run.length);
    if (!ids.some((id) => isTelling[id])) return 0;
    const count = ids.reduce((sum, id) => sum + (areSignificant[id] ? 1 : 0), 0);
    if (count >= LEAST_LINES) return count;
    return ids.some((id) => mayGoAlone(texts[id] as string, run, count)) ? 1 : 0;
  };
  const runs = findRuns(source, target, (id) => areSignificant[id] as boolean);
  const lengths = { source: source.length, target: target.length };
  return chooseRuns(runs, lengths, { weigh, least: 1, lendsOnce: kind !== "copied" });
}

/** For each line that is meant, how many lines that say something stand in one piece with it that is meant as a whole. */
function countWordsAround(lines: readonly string[], isMeant: (index: number) => boolean): Int32Array {
  const counts = new Int32Array(lines.length);
  for (let start = 0; start < lines.length; ) {
    let [end, count] = [start, 0];
    for (; end < lines.length && isMeant(end); end++) if (isSignificant(lines[end] as string)) count++;
    counts.fill(count, start, end);
    start = end + 1;
  }
  return counts;
}
