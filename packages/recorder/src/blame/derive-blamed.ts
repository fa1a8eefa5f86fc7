// SPDX-License-Identifier: Apache-2.0
import { isSignificant, type Origin } from "@countersign/core/attribution";
import { type ObjectId, type RepoPath, toRawText } from "@countersign/core/ids";
import type { Repository } from "@countersign/git";
import { type CandidateIndex, indexCandidates } from "../derive/candidate-index.ts";
import { deriveFile } from "../derive/derive-file.ts";
import { deriveRecords } from "../derive/derive-records.ts";
import { findNear } from "../derive/find-near.ts";
import { printLine } from "../derive/print-line.ts";
import { countLookedInto } from "./count-looked-into.ts";
import { createOriginLookup } from "./origin-lookup.ts";
import type { BlamedLine } from "./parse-blame.ts";
import type { ReadAhead } from "./read-ahead.ts";

/** Origins of lines whose commits have no record, and how many of these commits were not looked into as a whole. */
export interface DerivedBlame {
  readonly originOf: (line: BlamedLine) => Origin | undefined;
  readonly left: number;
}

/** What Git blames and no record explains. */
export interface OpenBlame {
  readonly blamed: readonly BlamedLine[];
  /** All names that the file had, as far as Git followed it. */
  readonly names: ReadonlySet<RepoPath>;
}

const NULL_BLOB = "";

/**
 * Finds blamed lines again in records of other commits. The newest commits that records may tell something of are looked into as a whole, in what they
 * changed and what was there before. For a large file with a long history that would read gigabytes, so the lines of all others are
 * looked up as they stand: the AI's lines are found, only those that a person changed in place are not.
 */
export async function deriveBlamed(
  repo: Repository,
  { blamed, names }: OpenBlame,
  { sources, readCandidates, findOutside, openTargets, findDerived }: ReadAhead,
): Promise<DerivedBlame> {
  const files = groupLines(blamed);
  if (files.length === 0) return { originOf: () => undefined, left: 0 };
  const prints = new Set(
    blamed.filter(({ content }) => isSignificant(content)).map((line) => printLine(line.content)),
  );
  const candidates = await readCandidates(names, prints);
  const index = indexCandidates(candidates);
  // A file that records know by any of its names; else one that has a line which some record knows.
  const isKnown = [...names].some((path) => index.byPath.has(path));
  const lending = isKnown ? files : files.filter((file) => hasKnownLine(file, index));
  const worth = [...new Set(lending.map(({ commit }) => commit))];
  const size = blamed.reduce((sum, line) => sum + line.content.length + 1, 0);
  const chosen = sortNewestFirst(worth, blamed).slice(0, countLookedInto(size));
  const paths = new Map(chosen.map((id) => [id, pathsOf(files, id)]));
  const { records } =
    (names.size === 1 ? findDerived(chosen) : undefined) ??
    (await deriveRecords(repo, chosen, { sources, reader: openTargets(paths), candidates, findOutside }));
  const lookUp = createOriginLookup(records);
  const isWhole = new Set(chosen);
  const left = files.filter(({ commit }) => !isWhole.has(commit));
  const isKept = createKeptLookup(blamed);
  const quick = new Map(left.flatMap((file) => matchLines(file, index, isKept)));
  return { originOf: (line) => lookUp(line) ?? quick.get(line), left: worth.length - chosen.length };
}

function pathsOf(files: readonly BlamedFile[], commit: ObjectId): ReadonlySet<RepoPath> {
  return new Set(files.filter((file) => file.commit === commit).map(({ path }) => path));
}

function hasKnownLine({ lines }: BlamedFile, { byPrint }: CandidateIndex): boolean {
  return lines.some(({ content }) => byPrint.has(printLine(content)));
}

/** Whether another commit's line reads the same. */
function createKeptLookup(blamed: readonly BlamedLine[]): (commit: ObjectId, line: string) => boolean {
  const commits = new Map<string, Set<ObjectId>>();
  for (const { content, commit } of blamed) {
    const text = content.trim();
    const known = commits.get(text);
    if (known === undefined) commits.set(text, new Set([commit]));
    else known.add(commit);
  }
  return (commit, line) => {
    const known = commits.get(line.trim());
    return known !== undefined && (known.size > 1 || !known.has(commit));
  };
}

/** Lines of one commit and path, by their place in that version. */
interface BlamedFile {
  readonly commit: ObjectId;
  readonly path: RepoPath;
  readonly lines: readonly BlamedLine[];
}

function groupLines(blamed: readonly BlamedLine[]): readonly BlamedFile[] {
  const groups = new Map<string, BlamedLine[]>();
  for (const line of blamed) {
    const key = `${line.commit} ${line.path}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [line]);
    else known.push(line);
  }
  return [...groups.values()].flatMap((lines) => {
    const [first] = lines;
    if (first === undefined) return [];
    const path = toRawText(Buffer.from(first.path, "latin1"));
    return [{ commit: first.commit, path, lines: lines.sort((a, b) => a.originalLine - b.originalLine) }];
  });
}

/** The lines as a file of their own; what stood between them is a line that nothing equals. */
function matchLines(
  { commit, path, lines }: BlamedFile,
  index: CandidateIndex,
  isKept: (commit: ObjectId, line: string) => boolean,
): readonly (readonly [BlamedLine, Origin])[] {
  const texts: string[] = [];
  const places: (BlamedLine | undefined)[] = [];
  let last = 0;
  for (const line of lines) {
    if (line.originalLine !== last + 1) {
      texts.push("\0");
      places.push(undefined);
    }
    texts.push(`${line.content}\n`);
    places.push(line);
    last = line.originalLine;
  }
  const isAdded = Uint8Array.from(places, (line) => (line === undefined ? 0 : 1));
  const target = {
    path,
    blob: NULL_BLOB,
    lines: texts,
    isAdded,
    parents: [],
    isKept: (line: string) => isKept(commit, line),
  };
  const { near } = findNear({ id: commit, removed: [] }, target, index);
  const { origins } = deriveFile(target, near);
  return places.flatMap((line, i) => {
    const origin = origins[i];
    return line === undefined || origin === undefined || origin.kind === "unknown"
      ? []
      : [[line, origin] as const];
  });
}

/** By the committer's claim, which is only a preference. */
function sortNewestFirst(commits: readonly ObjectId[], blamed: readonly BlamedLine[]): readonly ObjectId[] {
  const times = new Map(
    blamed.map(({ commit, header }) => [
      commit,
      Number(
        header.lines.find((line) => line.startsWith("committer-time "))?.slice("committer-time ".length) ?? 0,
      ),
    ]),
  );
  return [...commits].sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0));
}
