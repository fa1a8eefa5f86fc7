// SPDX-License-Identifier: Apache-2.0
import { diffLines, isSignificant } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type CandidateFile, isSuffixPath } from "./candidate-file.ts";
import type { CandidateIndex, StrangerFile } from "./candidate-index.ts";
import type { NearFile } from "./derivation-draft.ts";
import { findRenameSource, LEAST_LINES, RENAMED } from "./find-rename-source.ts";
import type { FormerText } from "./former-texts.ts";
import { printLine } from "./print-line.ts";
import type { RemovedFile } from "./read-targets.ts";
import type { Sighting } from "./sighting.ts";
import type { TargetFile } from "./target-file.ts";

/** The target file, with what it was renamed from as a parent, and the candidates that may lend to it. */
export interface Neighbourhood {
  readonly file: TargetFile;
  readonly near: readonly NearFile[];
  /** Its own name, and those under which records know what it holds. */
  readonly names: ReadonlySet<RepoPath>;
}

export interface NearOptions {
  readonly barred?: ReadonlySet<ObjectId> | undefined;
  /** Names of files that it is known to repeat. */
  readonly originals?: ReadonlySet<RepoPath> | undefined;
  /** What it held in the commit that was amended, and under the names from which somebody saw it going on, nearest first. */
  readonly former?: readonly FormerText[] | undefined;
  readonly sighting?: Sighting | undefined;
  /** Texts from which lines came that looked typed. */
  readonly brought?: readonly StrangerFile[] | undefined;
}

/** The commit of a target file, as far as it was read. */
export interface NearTarget {
  readonly id: string;
  readonly files?: readonly TargetFile[];
  readonly removed: readonly RemovedFile[];
}

/** Only candidates that share a line with what the commit added or took away or what was swallowed, or are the very same content; none of a barred commit. */
export function findNear(
  target: NearTarget,
  file: TargetFile,
  index: CandidateIndex,
  { barred = new Set(), originals = new Set(), former = [], sighting, brought = [] }: NearOptions = {},
): Neighbourhood {
  const { id, removed } = target;
  const hasPast = (path: RepoPath) => index.byPath.has(path);
  const renamed = former.filter(({ path }) => path !== file.path);
  const isAnew = file.parents.length === 0 && renamed.every(({ lines }) => lines === undefined);
  const source = isAnew ? findRenameSource(file.lines, removed, hasPast) : undefined;
  const placed = withParents(file, [...former, ...(source === undefined ? [] : [source])]);
  const changed = new Set([...addedLines(file), ...removedLines(placed)].map(printLine));
  const same = index.byBlob.get(file.blob) ?? [];
  const found = new Set(same);
  // What one record calls by another name others call so too: whatever they know of that file is near.
  const names = new Set([file.path, ...(source === undefined ? [] : [source.path])]);
  for (const { path } of [...same, ...former]) names.add(path);
  const strangers = [
    ...[...new Set([...names, ...originals])].flatMap((name) => index.strangers.get(name) ?? []),
    ...former.flatMap(({ recorded }) => recorded),
    ...brought,
  ];
  // A text that a squash swallowed holds lines of earlier commits, which their records know.
  const swallowed = strangers.flatMap(({ lines }) => lines.map(printLine));
  for (const print of [...changed, ...swallowed, ...(sighting?.over.values() ?? [])])
    for (const candidate of index.byPrint.get(print) ?? []) found.add(candidate);
  const all = new Set([...found, ...strangers.map((stranger) => stranger.file)]);
  const texts = new Map(strangers.map((stranger) => [stranger.file, stranger.lines]));
  const near = [...all]
    .filter(({ commit }) => commit !== id && !barred.has(commit))
    .sort((a, b) => index.rankOf(a) - index.rankOf(b))
    .map((candidate): NearFile => {
      const closeness = findCloseness(candidate, file, names, changed);
      const lines = texts.get(candidate);
      const plain = { file: candidate, closeness, ...(lines === undefined ? {} : { lines }) };
      if (closeness !== "elsewhere") return plain;
      // A copy is no rename: what is short is told by its file alone.
      const isCopied = originals.has(candidate.path);
      return { ...plain, alone: isCopied ? printsOf(candidate) : findLeft(target, candidate.path) };
    });
  return { file: placed, near, names };
}

/** Also with what it held under other names: what it has from there is no less added under this one. */
function withParents(
  file: TargetFile,
  others: readonly { readonly lines: readonly string[] | undefined }[],
): TargetFile {
  const texts = others.flatMap(({ lines }) => (lines === undefined ? [] : [lines]));
  if (texts.length === 0) return file;
  const hunks = file.hunks ?? file.parents.map((parent) => diffLines(parent, file.lines));
  return {
    ...file,
    parents: [...file.parents, ...texts],
    hunks: [...hunks, ...texts.map((lines) => diffLines(lines, file.lines))],
  };
}

function addedLines({ lines, isAdded }: TargetFile): readonly string[] {
  return lines.filter((_, index) => isAdded[index] === 1);
}

/** Lines of the parents that the commit took away or changed. */
export function removedLines({ parents, hunks }: TargetFile): readonly string[] {
  return parents.flatMap((parent, i) =>
    (hunks?.[i] ?? []).flatMap(({ aStart, aEnd }) => parent.slice(aStart, aEnd)),
  );
}

function printsOf({ ranges }: CandidateFile): ReadonlySet<string> {
  return new Set(ranges.flatMap(({ fingerprints }) => fingerprints));
}

const LEFT = new WeakMap<NearTarget, Map<RepoPath, ReadonlySet<string>>>();

/** Fingerprints of lines that the commit took away from a path. */
function findLeft(target: NearTarget, path: RepoPath): ReadonlySet<string> {
  const known = LEFT.get(target) ?? new Map<RepoPath, ReadonlySet<string>>();
  LEFT.set(target, known);
  const gone = target.removed.find((file) => file.path === path)?.lines ?? [];
  const changed = target.files?.find((file) => file.path === path);
  const left =
    known.get(path) ??
    new Set([...gone, ...(changed === undefined ? [] : removedLines(changed))].map(printLine));
  known.set(path, left);
  return left;
}

function findCloseness(
  candidate: CandidateFile,
  file: TargetFile,
  names: ReadonlySet<RepoPath>,
  changed: ReadonlySet<string>,
): NearFile["closeness"] {
  if (candidate.path === file.path) return "same-path";
  return names.has(candidate.path) || isMoved(candidate, file, changed) ? "renamed" : "elsewhere";
}

/** The same file under a folder more or less, as a subtree merge or a filter leaves it. */
function isMoved(candidate: CandidateFile, file: TargetFile, changed: ReadonlySet<string>): boolean {
  if (!isSuffixPath(candidate.path, file.path)) return false;
  const all = candidate.ranges.flatMap((range) => range.fingerprints);
  const found = all.filter((print) => changed.has(print)).length;
  return found / all.length >= RENAMED && file.lines.filter(isSignificant).length >= LEAST_LINES;
}
