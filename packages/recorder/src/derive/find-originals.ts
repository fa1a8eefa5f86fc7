// SPDX-License-Identifier: Apache-2.0
import { isSignificant } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type Repository, resolvePaths } from "@countersign/git";
import { type CandidateFile, hasAi } from "./candidate-file.ts";
import type { CandidateIndex } from "./candidate-index.ts";
import { toFileKey } from "./file-key.ts";
import { findCommon, tallyLines } from "./find-common.ts";
import { LEAST_LINES, RENAMED } from "./find-rename-source.ts";
import { printLine } from "./print-line.ts";
import { readTexts } from "./read-texts.ts";
import type { Sighting } from "./sighting.ts";

/** A file that is new in a commit under its name, and fingerprints of lines in it that nobody has lent so far. */
export interface NewFile {
  readonly commit: ObjectId;
  readonly path: RepoPath;
  readonly blob: ObjectId;
  readonly prints: readonly string[];
  /** What was seen of it as the commit was made. */
  readonly sighting?: Sighting | undefined;
}

/** By commit and path, names of files that a new one repeats. */
export type Originals = ReadonlyMap<string, ReadonlySet<RepoPath>>;

/** Recorded texts that are compared with one file: those first that have the most of its lines. */
const MOST_TEXTS = 3;

/**
 * What a new file is a copy of, as Git would say: of the longer of both texts half is in the other. The file that it repeats need not
 * be gone in the same commit: it may go in the next, may have gone before, or was never in this history, as after a squash. One process,
 * and none where no record has a line of a new file.
 */
export async function findOriginals(
  repo: Repository,
  files: readonly NewFile[],
  index: CandidateIndex,
): Promise<Originals> {
  const pairs = files
    .map((file) => ({ file, candidates: findAlike(file, index) }))
    .filter(({ candidates }) => candidates.length > 0);
  const present = await findPresent(repo, pairs);
  const texts = await readTexts(
    repo,
    pairs
      .flatMap(({ file, candidates }) => [file.blob, ...candidates.map(({ blob }) => blob)])
      .concat([...present.values()]),
  );
  const originals = new Map<string, ReadonlySet<RepoPath>>();
  for (const { file, candidates } of pairs) {
    const lines = texts.get(file.blob) ?? [];
    const copied = candidates.filter((candidate) =>
      [candidate.blob, present.get(toPlace(file, candidate)) ?? ""].some((blob) =>
        isCopy(texts.get(blob) ?? [], lines, file.sighting?.began),
      ),
    );
    if (copied.length > 0)
      originals.set(toFileKey(file.commit, file.path), new Set(copied.map(({ path }) => path)));
  }
  return originals;
}

interface Pair {
  readonly file: NewFile;
  readonly candidates: readonly CandidateFile[];
}

/** What stood under the candidates' names where a file was seen to begin: people may have changed them since the records. */
async function findPresent(repo: Repository, pairs: readonly Pair[]): Promise<ReadonlyMap<string, ObjectId>> {
  const places = pairs.flatMap(({ file, candidates }) =>
    file.sighting?.began === undefined
      ? []
      : candidates.flatMap((candidate) => {
          const tree = file.sighting?.parent;
          return tree === undefined ? [] : [{ key: toPlace(file, candidate), tree, path: candidate.path }];
        }),
  );
  if (places.length === 0) return new Map();
  const blobs = await resolvePaths(repo, places);
  return new Map(
    places.flatMap(({ key }, index) => {
      const blob = blobs[index];
      return blob === undefined ? [] : [[key, blob] as const];
    }),
  );
}

function toPlace({ commit }: NewFile, { path }: CandidateFile): string {
  return `${commit} ${path}`;
}

function findAlike(
  { commit, path, prints, sighting }: NewFile,
  index: CandidateIndex,
): readonly CandidateFile[] {
  const counts = new Map<CandidateFile, number>();
  for (const print of new Set([...prints, ...(sighting?.began ?? [])]))
    for (const candidate of index.byPrint.get(print) ?? [])
      if (candidate.commit !== commit && candidate.path !== path && hasAi(candidate))
        counts.set(candidate, (counts.get(candidate) ?? 0) + 1);
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || index.rankOf(a) - index.rankOf(b))
    .slice(0, MOST_TEXTS)
    .map(([candidate]) => candidate);
}

function isCopy(original: readonly string[], lines: readonly string[], began: Sighting["began"]): boolean {
  const [a, b] = [original.filter(isSignificant), lines.filter(isSignificant)];
  if (areAlike(a, b)) return true;
  const prints = began === undefined ? [] : a.map(printLine);
  return began !== undefined && (areAlike(prints, began) || isSame(prints, began));
}

function areAlike(a: readonly string[], b: readonly string[]): boolean {
  const common = findCommon(a, tallyLines(b)).length;
  return common >= LEAST_LINES && common / Math.max(a.length, b.length) >= RENAMED;
}

/** However short: a file that somebody begins anew does not hold what another one does, line for line. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((print, index) => print === b[index]);
}
