// SPDX-License-Identifier: Apache-2.0
import { countOwnBytes, findKept, isSignificant } from "@countersign/core/attribution";
import type { RepoPath } from "@countersign/core/ids";
import { findCommon } from "./find-common.ts";
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
  const rated = removed.map((source) => {
    const own = source.lines.filter(isSignificant);
    return rate({ source, own, kept: findCommon(own, lines) }, lines);
  });
  const reflowed = (): readonly Rated[] =>
    rated
      .filter(({ source }) => hasPast(source.path))
      .sort((a, b) => b.kept.length - a.kept.length)
      .slice(0, MOST_REFLOWED)
      .map((one) => rate({ ...one, kept: findKept(one.source.lines, lines) }, lines));
  return findBest(rated) ?? findBest(reflowed());
}

interface Compared {
  readonly source: RemovedFile;
  /** Its significant lines, and which of them are in the new file. */
  readonly own: readonly string[];
  readonly kept: readonly string[];
}

interface Rated extends Compared {
  readonly share: number;
}

function rate(compared: Compared, lines: readonly string[]): Rated {
  const { source, own, kept } = compared;
  if (kept.length < LEAST_LINES && !isTelling(kept)) return { ...compared, share: 0 };
  return {
    ...compared,
    share: Math.max(shareOf(source.lines, lines), kept.length / Math.max(own.length, 1)),
  };
}

function findBest(rated: readonly Rated[]): RemovedFile | undefined {
  const [best] = rated.filter(({ share }) => share >= RENAMED).sort((a, b) => b.share - a.share);
  return best?.source;
}

/** Nobody types these lines again by chance in the very commit that takes them away. */
function isTelling(kept: readonly string[]): boolean {
  return [...new Set(kept)].reduce((sum, line) => sum + countOwnBytes(line), 0) >= LEAST_BYTES;
}

/** Lines in common against the longer side. */
function shareOf(a: readonly string[], b: readonly string[]): number {
  return findCommon(a, b).length / Math.max(a.length, b.length, 1);
}
