// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "@countersign/core/ids";
import type { CandidateFile } from "./candidate-file.ts";

/** Candidates by what a target may know them by. */
export interface CandidateIndex {
  readonly files: readonly CandidateFile[];
  readonly byBlob: ReadonlyMap<string, readonly CandidateFile[]>;
  readonly byPath: ReadonlyMap<RepoPath, readonly CandidateFile[]>;
  /** By the fingerprint of each of their lines. */
  readonly byPrint: ReadonlyMap<string, readonly CandidateFile[]>;
  /** Lower is better: a higher grade, then an order that is the same everywhere. */
  readonly rankOf: (file: CandidateFile) => number;
  /** By path, candidates outside the targets' history whose text is at hand: what a squash swallowed. */
  readonly strangers: ReadonlyMap<RepoPath, readonly StrangerFile[]>;
}

export interface StrangerFile {
  readonly file: CandidateFile;
  readonly lines: readonly string[];
}

export function indexCandidates(
  files: readonly CandidateFile[],
  strangers: CandidateIndex["strangers"] = new Map(),
): CandidateIndex {
  const sorted = [...files].sort(compareCandidates);
  const ranks = new Map(sorted.map((file, rank) => [file, rank]));
  return {
    files: sorted,
    byBlob: group(sorted, (file) => [file.blob]),
    byPath: group(sorted, (file) => [file.path]),
    byPrint: group(sorted, (file) => new Set(file.ranges.flatMap((range) => range.fingerprints))),
    rankOf: (file) => ranks.get(file) ?? sorted.length,
    strangers,
  };
}

const GRADES = ["observed", "derived", "inferred"] as const;

function compareCandidates(a: CandidateFile, b: CandidateFile): number {
  return (
    GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade) ||
    (a.commit < b.commit ? -1 : a.commit > b.commit ? 1 : 0)
  );
}

function group(
  files: readonly CandidateFile[],
  keysOf: (file: CandidateFile) => Iterable<string>,
): ReadonlyMap<string, readonly CandidateFile[]> {
  const groups = new Map<string, CandidateFile[]>();
  for (const file of files) {
    for (const key of keysOf(file)) {
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [file]);
      else known.push(file);
    }
  }
  return groups;
}
