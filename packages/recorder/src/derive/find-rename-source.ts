// SPDX-License-Identifier: Apache-2.0
import { countOwnBytes, findKept, isSignificant, shareWords } from "@countersign/core/attribution";
import type { RepoPath } from "@countersign/core/ids";
import { findCommon, type LineTally, tallyLines } from "./find-common.ts";
import type { RemovedFile } from "./read-targets.ts";

/** Share of the lines that two files must have in common for one to be the other renamed; Git's own default. */
export const RENAMED = 0.5;
/** Significant lines that make such a share mean something; of a file that had fewer, so many bytes of words of their own. */
export const LEAST_LINES = 3;
const LEAST_BYTES = 20;
/** Files that went away whose layout is looked through, for one new file. */
const MOST_REFLOWED = 4;

/**
 * A file of the same commit that went away and holds half of the same lines, or of which half is in this one: a small file that was
 * renamed and grew is still that file. Of two files of two lines each, half is a single line, which must say something. Where lines as
 * they stand do not tell, a formatter may have broken them; that look is only worth its time for files with a past.
 */
export function findRenameSource(
  lines: readonly string[],
  removed: readonly RemovedFile[],
  hasPast: (path: RepoPath) => boolean,
): RemovedFile | undefined {
  if (removed.length === 0) return undefined;
  const counts = tallyLines(lines);
  const rated = removed.map((source) => rate(source, findCommon(ownLines(source), counts), counts));
  const reflowed = (): readonly Rated[] =>
    rated
      .filter(({ source }) => hasPast(source.path))
      .sort((a, b) => b.kept.length - a.kept.length)
      .slice(0, MOST_REFLOWED)
      .filter(({ source }) => shareWords(source.lines, lines) >= RENAMED)
      .map(({ source }) => rate(source, findKept(source.lines, lines), counts));
  return findBest(rated) ?? findBest(reflowed());
}

interface Rated {
  readonly source: RemovedFile;
  /** Its significant lines that are in the new file. */
  readonly kept: readonly string[];
  readonly share: number;
}

function rate(source: RemovedFile, kept: readonly string[], counts: LineTally): Rated {
  if (kept.length < LEAST_LINES && !isTelling(kept)) return { source, kept, share: 0 };
  const common = findCommon(source.lines, counts).length / Math.max(source.lines.length, counts.total, 1);
  return { source, kept, share: Math.max(common, kept.length / Math.max(ownLines(source).length, 1)) };
}

function findBest(rated: readonly Rated[]): RemovedFile | undefined {
  const [best] = rated.filter(({ share }) => share >= RENAMED).sort((a, b) => b.share - a.share);
  return best?.source;
}

/** Nobody types these lines again by chance in the very commit that takes them away. */
function isTelling(kept: readonly string[]): boolean {
  return [...new Set(kept)].reduce((sum, line) => sum + countOwnBytes(line), 0) >= LEAST_BYTES;
}

const OWN_LINES = new WeakMap<RemovedFile, readonly string[]>();

/** Significant ones; asked for each new file of a commit. */
function ownLines(source: RemovedFile): readonly string[] {
  const known = OWN_LINES.get(source) ?? source.lines.filter(isSignificant);
  OWN_LINES.set(source, known);
  return known;
}
