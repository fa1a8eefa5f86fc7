// SPDX-License-Identifier: Apache-2.0
import { countOwnBytes, diffLines, isSignificant } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type CandidateFile, isSuffixPath } from "./candidate-file.ts";
import type { CandidateIndex } from "./candidate-index.ts";
import type { NearFile } from "./derivation-draft.ts";
import { printLine } from "./print-line.ts";
import type { RemovedFile } from "./read-targets.ts";
import type { TargetFile } from "./target-file.ts";

/** Share of the lines that two files must have in common for one to be the other renamed; Git's own default. */
const RENAMED = 0.5;
/** Significant lines that make such a share mean something; of a file that had fewer, so many bytes of words of their own. */
const LEAST_LINES = 3;
const LEAST_BYTES = 20;

/** The target file, with what it was renamed from as a parent, and the candidates that may lend to it. */
export interface Neighbourhood {
  readonly file: TargetFile;
  readonly near: readonly NearFile[];
}

/** Only candidates that share a line with what the commit added or took away or what was swallowed, or are the very same content; none of a barred commit. */
export function findNear(
  { id, removed }: { readonly id: string; readonly removed: readonly RemovedFile[] },
  file: TargetFile,
  index: CandidateIndex,
  barred: ReadonlySet<ObjectId> = new Set(),
): Neighbourhood {
  const source = file.parents.length === 0 ? findRenameSource(file, removed) : undefined;
  const placed = source === undefined ? file : withParent(file, source.lines);
  const changed = new Set([...addedLines(file), ...removedLines(placed)].map(printLine));
  const found = new Set(index.byBlob.get(file.blob));
  const strangers = index.strangers.get(file.path) ?? [];
  // A text that a squash swallowed holds lines of earlier commits, which their records know.
  const swallowed = strangers.flatMap(({ lines }) => lines.map(printLine));
  for (const print of [...changed, ...swallowed])
    for (const candidate of index.byPrint.get(print) ?? []) found.add(candidate);
  const all = new Set([...found, ...strangers.map((stranger) => stranger.file)]);
  const texts = new Map(strangers.map((stranger) => [stranger.file, stranger.lines]));
  const near = [...all]
    .filter(({ commit }) => commit !== id && !barred.has(commit))
    .sort((a, b) => index.rankOf(a) - index.rankOf(b))
    .map((candidate): NearFile => {
      const closeness = findCloseness(candidate, file, source?.path, changed);
      const lines = texts.get(candidate);
      return { file: candidate, closeness, ...(lines === undefined ? {} : { lines }) };
    });
  return { file: placed, near };
}

function withParent(file: TargetFile, lines: readonly string[]): TargetFile {
  return { ...file, parents: [lines], hunks: [diffLines(lines, file.lines)] };
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

function findCloseness(
  candidate: CandidateFile,
  file: TargetFile,
  source: RepoPath | undefined,
  changed: ReadonlySet<string>,
): NearFile["closeness"] {
  if (candidate.path === file.path) return "same-path";
  const isRenamed = candidate.path === source || candidate.blob === file.blob;
  return isRenamed || isMoved(candidate, file, changed) ? "renamed" : "elsewhere";
}

/**
 * A file of the same commit that went away and holds half of the same lines, or of which half is in this one: a small file that was
 * renamed and grew is still that file. Of two files of two lines each, half is a single line, which must say something.
 */
function findRenameSource(file: TargetFile, removed: readonly RemovedFile[]): RemovedFile | undefined {
  const scored = removed.map((source) => {
    const own = source.lines.filter(isSignificant);
    const common = countCommon(own, file.lines);
    if (common < LEAST_LINES && !isTelling(own, file.lines)) return { source, share: 0 };
    const share = Math.max(shareOf(source.lines, file.lines), common / Math.max(own.length, 1));
    return { source, share };
  });
  return scored.filter(({ share }) => share >= RENAMED).sort((a, b) => b.share - a.share)[0]?.source;
}

/** Nobody types these lines again by chance in the very commit that takes them away. */
function isTelling(gone: readonly string[], lines: readonly string[]): boolean {
  const present = new Set(lines);
  const kept = new Set(gone.filter((line) => present.has(line)));
  return [...kept].reduce((sum, line) => sum + countOwnBytes(line), 0) >= LEAST_BYTES;
}

/** Lines in common against the longer side. */
function shareOf(a: readonly string[], b: readonly string[]): number {
  return countCommon(a, b) / Math.max(a.length, b.length, 1);
}

/** Each line as often as both sides have it. */
function countCommon(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of a) counts.set(line, (counts.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of b) {
    const left = counts.get(line) ?? 0;
    if (left > 0) common++;
    counts.set(line, left - 1);
  }
  return common;
}

/** The same file under a folder more or less, as a subtree merge or a filter leaves it. */
function isMoved(candidate: CandidateFile, file: TargetFile, changed: ReadonlySet<string>): boolean {
  if (!isSuffixPath(candidate.path, file.path)) return false;
  const all = candidate.ranges.flatMap((range) => range.fingerprints);
  const found = all.filter((print) => changed.has(print)).length;
  return found / all.length >= RENAMED && file.lines.filter(isSignificant).length >= LEAST_LINES;
}
