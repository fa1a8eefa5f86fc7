// SPDX-License-Identifier: Apache-2.0
import { fingerprintLine, type HashBytes, isSignificant } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type CandidateFile, isSuffixPath } from "./candidate-file.ts";
import type { NearFile } from "./derivation-draft.ts";
import type { RemovedFile, TargetCommit } from "./read-targets.ts";
import type { TargetFile } from "./target-file.ts";

/** Share of the lines that two files must have in common for one to be the other renamed; Git's own default. */
const RENAMED = 0.5;
/** Significant lines that make such a share mean something. */
const LEAST_LINES = 3;

/** Candidates by what a target may know them by. */
export interface CandidateIndex {
  readonly byPath: ReadonlyMap<RepoPath, readonly CandidateFile[]>;
  readonly byBlob: ReadonlyMap<string, readonly CandidateFile[]>;
  readonly all: readonly CandidateFile[];
  /** Lines of candidates' blobs, as far as they were read. */
  readonly texts: ReadonlyMap<ObjectId, readonly string[]>;
}

export function indexCandidates(
  files: readonly CandidateFile[],
  texts: CandidateIndex["texts"] = new Map(),
): CandidateIndex {
  const sorted = [...files].sort(compareCandidates);
  return {
    byPath: group(sorted, (file) => file.path),
    byBlob: group(sorted, (file) => file.blob),
    all: sorted,
    texts,
  };
}

const GRADES = ["observed", "derived", "inferred"] as const;

/** Best first, and the same everywhere. */
function compareCandidates(a: CandidateFile, b: CandidateFile): number {
  return (
    GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade) ||
    (a.commit < b.commit ? -1 : a.commit > b.commit ? 1 : 0)
  );
}

function group(
  files: readonly CandidateFile[],
  keyOf: (file: CandidateFile) => string,
): ReadonlyMap<string, readonly CandidateFile[]> {
  const groups = new Map<string, CandidateFile[]>();
  for (const file of files) {
    const known = groups.get(keyOf(file));
    if (known === undefined) groups.set(keyOf(file), [file]);
    else known.push(file);
  }
  return groups;
}

/** The target file with what it was renamed from as a parent, and the candidates that are near it. */
export interface Neighbourhood {
  readonly file: TargetFile;
  readonly near: readonly NearFile[];
}

export function findNear(
  commit: TargetCommit,
  file: TargetFile,
  index: CandidateIndex,
  hash: HashBytes,
): Neighbourhood {
  const own = commit.id;
  const source = file.parents.length === 0 ? findRenameSource(file, commit.removed) : undefined;
  const same = [...(index.byBlob.get(file.blob) ?? []), ...(index.byPath.get(file.path) ?? [])];
  const renamed = source === undefined ? [] : (index.byPath.get(source.path) ?? []);
  const known = new Set([...same, ...renamed]);
  const prints = new Set(file.lines.map((line) => fingerprintLine(line, hash)));
  const others = index.all.filter((candidate) => !known.has(candidate) && sharesLines(candidate, prints));
  const near: NearFile[] = [
    ...[...new Set(same)].map((each) => toNear(each, each.path === file.path ? "same-path" : "renamed")),
    ...renamed.filter((each) => !same.includes(each)).map((each) => toNear(each, "renamed")),
    ...others.map((each) => toNear(each, isMoved(each, file, prints) ? "renamed" : "elsewhere")),
  ];
  return {
    file: source === undefined ? file : { ...file, parents: [source.lines] },
    near: near.filter((each) => each.file.commit !== own).map((each) => withText(each, index)),
  };
}

function withText(near: NearFile, { texts }: CandidateIndex): NearFile {
  const lines = near.closeness === "elsewhere" ? undefined : texts.get(near.file.blob);
  return lines === undefined ? near : { ...near, lines };
}

function toNear(file: CandidateFile, closeness: NearFile["closeness"]): NearFile {
  return { file, closeness };
}

/** A file of the same commit that went away and holds half of the same lines. */
function findRenameSource(file: TargetFile, removed: readonly RemovedFile[]): RemovedFile | undefined {
  const scored = removed.map((source) => ({ source, share: shareOf(source.lines, file.lines) }));
  return scored.filter(({ share }) => share >= RENAMED).sort((a, b) => b.share - a.share)[0]?.source;
}

/** Lines in common, each counted as often as both sides have it, against the longer side. */
function shareOf(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of a) counts.set(line, (counts.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of b) {
    const left = counts.get(line) ?? 0;
    if (left > 0) common++;
    counts.set(line, left - 1);
  }
  return common / Math.max(a.length, b.length, 1);
}

function sharesLines(candidate: CandidateFile, prints: ReadonlySet<string>): boolean {
  return candidate.ranges.some((range) => range.fingerprints.some((print) => prints.has(print)));
}

/** The same file under a folder more or less, as a subtree merge or a filter leaves it. */
function isMoved(candidate: CandidateFile, file: TargetFile, prints: ReadonlySet<string>): boolean {
  if (!isSuffixPath(candidate.path, file.path)) return false;
  const all = candidate.ranges.flatMap((range) => range.fingerprints);
  const found = all.filter((print) => prints.has(print)).length;
  return found / all.length >= RENAMED && file.lines.filter(isSignificant).length >= LEAST_LINES;
}
