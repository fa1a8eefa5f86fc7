// SPDX-License-Identifier: Apache-2.0
import { extendRuns } from "./extend-runs.ts";
import { ABSENT, chooseRuns, findRuns, type Run } from "./find-runs.ts";
import { fingerprintLine, type HashBytes } from "./fingerprint.ts";
import { countOwnBytes, isSignificant } from "./line-words.ts";
import type { Origin } from "./origin.ts";

/** What another record says of one file, and how near that file is to the one in question. */
export interface CandidateRanges {
  /** `renamed`: Git itself found the rename or copy. */
  readonly closeness: "same-path" | "renamed" | "elsewhere";
  /** Ascending, without overlaps; human ranges too, because they give context. */
  readonly ranges: readonly CandidateRange[];
  /** Fingerprints of lines that one can be followed by alone: they left that file where the ones in question came, or these repeat it. */
  readonly alone?: ReadonlySet<string> | undefined;
}

export interface CandidateRange {
  /** 1-based, both ends inclusive, in the file as the record saw it. */
  readonly first: number;
  readonly last: number;
  readonly origin: Origin;
  /** One for each line. */
  readonly fingerprints: readonly string[];
}

export interface FingerprintMatch {
  /** As the record has it; that the match is only derived, the caller writes down. */
  readonly origin: Origin;
  /** Index of the candidate that lent it. */
  readonly candidate: number;
}

export interface MatchOptions {
  readonly hash?: HashBytes;
  /** Instead of {@link fingerprintLine}: the same, remembered. */
  readonly print?: (line: string) => string;
  /**
   * Lines (0-based) that stand unchanged elsewhere in the file too: anybody may type such a line again, so a few of them
   * are found only together with a line that is new, or in one block with it where they stood next to it.
   */
  readonly isRepeated?: (index: number) => boolean;
}

/** Nearest first: what a nearer file lends, a farther one no longer can. */
const TIERS = ["same-path", "renamed", "elsewhere"] as const;

/**
 * Origins of the lines that `isAdded` names (0-based), from records of other commits: after a squash, a rebase or a
 * pick the lines are the same and only the commit is another. Longest runs first; each recorded line lends once;
 * trivial lines only in a run with significant ones. From a file elsewhere only runs that nobody types by chance.
 * Undefined where nothing was found.
 */
export function matchFingerprints(
  lines: readonly string[],
  candidates: readonly CandidateRanges[],
  isAdded: (index: number) => boolean,
  options: MatchOptions = {},
): readonly (FingerprintMatch | undefined)[] {
  const matches = new Array<FingerprintMatch | undefined>(lines.length).fill(undefined);
  if (candidates.every(({ ranges }) => ranges.length === 0)) return matches;
  const print = options.print ?? ((line: string) => fingerprintLine(line, options.hash));
  const prints = lines.map((line, index) => (isAdded(index) ? print(line) : undefined));
  for (const tier of TIERS) matchTier({ tier, lines, prints, candidates, matches, options });
  return matches;
}

type Prints = readonly (string | undefined)[];

interface TierSearch {
  readonly tier: CandidateRanges["closeness"];
  readonly lines: readonly string[];
  readonly prints: Prints;
  readonly candidates: readonly CandidateRanges[];
  /** Filled in here. */
  readonly matches: (FingerprintMatch | undefined)[];
  readonly options: MatchOptions;
}

function matchTier({ tier, lines, prints, candidates, matches, options }: TierSearch): void {
  const numbers = new Map<string, number>();
  const samples: string[] = [];
  const target = Int32Array.from(prints, (print, index) => {
    if (print === undefined || matches[index] !== undefined) return ABSENT;
    const known = numbers.get(print);
    if (known !== undefined) return known;
    numbers.set(print, samples.length);
    samples.push(lines[index] as string);
    return samples.length - 1;
  });
  if (samples.length === 0) return;
  const source = joinCandidates(candidates, tier);
  const ids = Int32Array.from(source, (place) =>
    place === undefined ? ABSENT : (numbers.get(place.print) ?? ABSENT),
  );
  const areSignificant = samples.map(isSignificant);
  const runs = findRuns(ids, target, (id) => areSignificant[id] as boolean);
  const weigh = (run: Run): number => {
    const own = target.subarray(run.b, run.b + run.length);
    const count = own.reduce((sum, id) => sum + (areSignificant[id] ? 1 : 0), 0);
    const isNew = own.some((id, i) => areSignificant[id] && options.isRepeated?.(run.b + i) !== true);
    if (count >= LEAST_LINES) return isNew ? count : 0;
    if (tier !== "elsewhere") return isNew ? count : 0;
    const bytes = own.reduce((sum, id) => sum + countOwnBytes(samples[id] as string), 0);
    if (isNew && bytes >= LONG_LINE && mayGoAlone(source, run)) return count;
    return isWholeRange(source, run) && (count >= 2 || bytes >= LONG_LINE) ? count : 0;
  };
  const lengths = { source: source.length, target: target.length };
  const chosen = chooseRuns(runs, lengths, { weigh, least: 1, lendsOnce: true });
  const take = (a: number, b: number): void => {
    const { origin, candidate } = source[a] as Place;
    matches[b] = { origin, candidate };
  };
  for (const { a, b, length } of chosen) for (let i = 0; i < length; i++) take(a + i, b + i);
  if (tier === "elsewhere") return;
  const isInBlock = (b: number): boolean => prints[b] !== undefined;
  const isTelling = (id: number): boolean => areSignificant[id] as boolean;
  const around = extendRuns(chosen, { source: ids, target, isInBlock, isSignificant: isTelling });
  for (const { a, b } of around) take(a, b);
}

/**
 * Significant lines that nobody types by chance in another file; or a whole range of two, or of this many bytes; or so many bytes of
 * what may be followed alone.
 */
const LEAST_LINES = 3;
const LONG_LINE = 20;

interface Place extends FingerprintMatch {
  readonly print: string;
  /** The first line of its range, counted from here backwards, and the lines of the range. */
  readonly offset: number;
  readonly length: number;
  readonly isAlone: boolean;
}

/** All candidates of a tier as one sequence; undefined keeps apart what did not stand together. */
function joinCandidates(
  candidates: readonly CandidateRanges[],
  tier: CandidateRanges["closeness"],
): readonly (Place | undefined)[] {
  const places: (Place | undefined)[] = [];
  for (const [candidate, { closeness, ranges, alone }] of candidates.entries()) {
    if (closeness !== tier) continue;
    let last = -1;
    for (const { first, last: end, origin, fingerprints } of ranges) {
      if (first !== last + 1) places.push(undefined);
      const length = fingerprints.length;
      for (const [offset, print] of fingerprints.entries())
        places.push({ print, origin, candidate, offset, length, isAlone: alone?.has(print) === true });
      last = end;
    }
    places.push(undefined);
  }
  return places;
}

function isWholeRange(source: readonly (Place | undefined)[], run: Run): boolean {
  const [first, last] = [source[run.a], source[run.a + run.length - 1]];
  return first?.offset === 0 && last !== undefined && last.offset === last.length - 1;
}

function mayGoAlone(source: readonly (Place | undefined)[], { a, length }: Run): boolean {
  return source.slice(a, a + length).every((place) => place?.isAlone === true);
}
