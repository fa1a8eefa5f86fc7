// SPDX-License-Identifier: Apache-2.0

/** Lines `a..a+length` of a source stand as `b..b+length` in the target. */
export interface Run {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** What stands for a line that takes no part. */
export const ABSENT = -1;

/** Of a line that stands more often in the source, the other places begin no run; they can still be part of one. */
const MOST_PLACES = 64;

/**
 * Every longest stretch of equal lines in both sequences that holds a significant line, in any order. Lines are
 * numbers; {@link ABSENT} equals nothing.
 */
export function findRuns(
  source: Int32Array,
  target: Int32Array,
  isSignificant: (id: number) => boolean,
): Run[] {
  const places = indexPlaces(source, isSignificant);
  const runs: Run[] = [];
  const reached = new Map<number, number>();
  for (let b = 0; b < target.length; b++) {
    const id = target[b] as number;
    if (id === ABSENT) continue;
    for (const a of places.get(id) ?? []) {
      if ((reached.get(a - b) ?? -1) >= b) continue;
      const run = extendRun(source, target, a, b);
      reached.set(a - b, run.b + run.length - 1);
      runs.push(run);
    }
  }
  return runs;
}

function indexPlaces(
  source: Int32Array,
  isSignificant: (id: number) => boolean,
): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>();
  for (let a = 0; a < source.length; a++) {
    const id = source[a] as number;
    if (id === ABSENT || !isSignificant(id)) continue;
    const known = places.get(id);
    if (known === undefined) places.set(id, [a]);
    else if (known.length < MOST_PLACES) known.push(a);
  }
  return places;
}

function extendRun(source: Int32Array, target: Int32Array, a: number, b: number): Run {
  const isEqual = (i: number, j: number): boolean =>
    i >= 0 &&
    j >= 0 &&
    i < source.length &&
    j < target.length &&
    source[i] !== ABSENT &&
    source[i] === target[j];
  let before = 0;
  while (isEqual(a - before - 1, b - before - 1)) before++;
  let after = 1;
  while (isEqual(a + after, b + after)) after++;
  return { a: a - before, b: b - before, length: before + after };
}

export interface RunChoice {
  /** How much a run is worth; the best are taken first, and equal ones in their order. Recomputed for what is left. */
  readonly weigh: (run: Run) => number;
  /** Least worth that is taken. */
  readonly least: number;
  /** Each line of the source is lent once. */
  readonly lendsOnce: boolean;
}

/** The best runs that do not take the same line twice; a run that lost some of its lines may still be taken in part. */
export function chooseRuns(runs: readonly Run[], lengths: Lengths, choice: RunChoice): Run[] {
  const isTaken = { a: new Uint8Array(lengths.source), b: new Uint8Array(lengths.target) };
  const weighed = runs.map((run) => ({ run, weight: choice.weigh(run) }));
  weighed.sort((x, y) => y.weight - x.weight || y.run.length - x.run.length);
  const chosen: Run[] = [];
  for (const { run, weight } of weighed) {
    if (weight < choice.least) break;
    for (const part of freeParts(run, isTaken, choice.lendsOnce)) {
      if (part.length < run.length && choice.weigh(part) < choice.least) continue;
      chosen.push(part);
      isTaken.b.fill(1, part.b, part.b + part.length);
      if (choice.lendsOnce) isTaken.a.fill(1, part.a, part.a + part.length);
    }
  }
  return chosen;
}

export interface Lengths {
  readonly source: number;
  readonly target: number;
}

function freeParts(run: Run, isTaken: { a: Uint8Array; b: Uint8Array }, lendsOnce: boolean): Run[] {
  const parts: Run[] = [];
  let start = -1;
  for (let i = 0; i <= run.length; i++) {
    const isFree = i < run.length && isTaken.b[run.b + i] === 0 && !(lendsOnce && isTaken.a[run.a + i] === 1);
    if (isFree && start < 0) start = i;
    if (!isFree && start >= 0) {
      parts.push({ a: run.a + start, b: run.b + start, length: i - start });
      start = -1;
    }
  }
  return parts;
}
