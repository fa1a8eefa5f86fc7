// SPDX-License-Identifier: Apache-2.0
import { statSync } from "node:fs";
import { isSignificant } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type CommitRecord, listCommitsTouching, type Repository, resolveCommit } from "@countersign/git";
import type { CandidateFile } from "../derive/candidate-file.ts";
import { type Derivation, deriveRecords } from "../derive/derive-records.ts";
import { printLine } from "../derive/print-line.ts";
import { readNearCandidates } from "../derive/read-candidates.ts";
import { type RecordTexts, readRecordTexts } from "../derive/read-record-texts.ts";
import { type Outside, orderOutside } from "../derive/read-strangers.ts";
import type { TargetFile } from "../derive/target-file.ts";
import {
  createTargetReader,
  readTargetsAhead,
  type TargetReader,
  type TargetsAhead,
  type WantedPaths,
  withTargetsAhead,
} from "../derive/target-reader.ts";
import { placeOf } from "../place-of.ts";
import { readPlainFile } from "../read-plain-file.ts";
import { type RecordedCommit, readIdentities, readRecordedCommits } from "../records/read-records.ts";
import { findRecordSources, hasSources, type RecordSources } from "../records/record-sources.ts";
import { countLookedInto } from "./count-looked-into.ts";

type Recorded = ReadonlyMap<ObjectId, RecordedCommit>;

/**
 * What will be asked of records once `git blame` has answered, read while it is at work. It only saves time: what was not foreseen is
 * read when it is asked for.
 */
export interface ReadAhead {
  readonly sources: RecordSources;
  readonly readRecorded: (commits: readonly ObjectId[]) => Promise<Recorded>;
  readonly readCandidates: (
    names: ReadonlySet<RepoPath>,
    prints: ReadonlySet<string>,
  ) => Promise<readonly CandidateFile[]>;
  /** Those that the blamed history does not contain. */
  readonly findOutside: (commits: readonly ObjectId[]) => Outside | Promise<Outside>;
  readonly openTargets: (paths: WantedPaths) => TargetReader;
  /** What was found of exactly these commits already; undefined for others. */
  readonly findDerived: (commits: readonly ObjectId[]) => Derivation | undefined;
}

export interface AheadRequest {
  readonly path: RepoPath;
  readonly revision: ObjectId | undefined;
}

const NO_COMMITS: Recorded = new Map();

export async function readAhead(repo: Repository, { path, revision }: AheadRequest): Promise<ReadAhead> {
  const [sources, tip] = await Promise.all([
    findRecordSources(repo),
    revision ?? resolveCommit(repo, "HEAD").catch(() => undefined),
  ]);
  if (!hasSources(repo, sources) || tip === undefined) return withoutRecords(repo, sources);
  const [texts, prints] = await Promise.all([
    readRecordTexts(repo, sources, path).catch(() => undefined),
    printLines(repo, path),
  ]);
  const known = texts === undefined ? repo : { ...repo, readAhead: texts.objects };
  const guess = await guessCommits(known, { sources, tip, path }).catch(() => NOTHING);
  const near = new Set(texts?.commits);
  const outside = await orderOutside(repo, [...near], [tip]).catch(() => undefined);
  const targets = near.size === 0 ? undefined : await guessTargets(repo, guess, path).catch(() => undefined);
  const findOutside: ReadAhead["findOutside"] = (commits) =>
    outside !== undefined && commits.every((id) => near.has(id))
      ? outside
      : orderOutside(repo, commits, [tip]);
  // Of another revision than the work tree's it is not known which lines it has.
  const derived =
    revision !== undefined || texts === undefined || targets === undefined
      ? undefined
      : await deriveAhead(repo, { sources, path, texts, prints, targets, findOutside }).catch(
          () => undefined,
        );
  return {
    sources,
    readRecorded: async (commits) => {
      const missing = commits.filter((id) => !guess.commits.has(id));
      if (missing.length === 0) return guess.recorded;
      const rest = await readRecordedCommits(repo, await readIdentities(repo, missing), { sources });
      return new Map([...guess.recorded, ...rest]);
    },
    readCandidates: (names, prints) =>
      texts !== undefined && names.size === 1 && names.has(path)
        ? texts.findCandidates(prints)
        : readNearCandidates(repo, sources, [...names].map(withoutBlob), prints),
    findOutside,
    findDerived: (commits) => {
      const isSame = commits.length === derived?.of.size && commits.every((id) => derived.of.has(id));
      return isSame ? derived.found : undefined;
    },
    openTargets: (paths) =>
      targets === undefined ? createTargetReader(repo, paths) : withTargetsAhead(repo, paths, targets),
  };
}

function withoutRecords(repo: Repository, sources: RecordSources): ReadAhead {
  return {
    sources,
    readRecorded: async () => NO_COMMITS,
    readCandidates: async () => [],
    findOutside: () => new Map(),
    findDerived: () => undefined,
    openTargets: (paths) => createTargetReader(repo, paths),
  };
}

function withoutBlob(path: RepoPath): { readonly path: RepoPath; readonly id: ObjectId } {
  return { path, id: "" };
}

interface Guess {
  /** Newest first. */
  readonly commits: ReadonlyMap<ObjectId, CommitRecord>;
  readonly recorded: Recorded;
}

const NOTHING: Guess = { commits: new Map(), recorded: NO_COMMITS };
/** Of a longer history most commits own no line any more. */
const MOST_COMMITS = 1000;

/** Whoever owns a line has touched the path, but for renames. */
async function guessCommits(
  repo: Repository,
  {
    sources,
    tip,
    path,
  }: { readonly sources: RecordSources; readonly tip: ObjectId; readonly path: RepoPath },
): Promise<Guess> {
  const touching = await listCommitsTouching(repo, tip, { path, most: MOST_COMMITS });
  const identities = await readIdentities(repo, touching);
  const recorded = await readRecordedCommits(repo, identities, { sources });
  return { commits: new Map(identities.map((commit) => [commit.id, commit])), recorded };
}

const MOST_TARGETS = 200;

/** The newest commits without a record are looked into; some more than will be, since not each of them owns a line still. */
async function guessTargets(
  repo: Repository,
  { commits, recorded }: Guess,
  path: RepoPath,
): Promise<TargetsAhead | undefined> {
  const size = findSize(repo, path);
  if (size === undefined) return undefined;
  const open = [...commits.values()].filter(({ id }) => recorded.get(id)?.isOwn !== true);
  const most = Math.min(2 * countLookedInto(size), MOST_TARGETS);
  const targets = await readTargetsAhead(repo, open.slice(0, most), path);
  for (const { target } of targets.commits.values()) for (const file of target.files) printAdded(file);
  return targets;
}

/** Of a line that was changed since, the work tree has another form. */
function printAdded({ lines, isAdded }: TargetFile): void {
  for (const [index, line] of lines.entries()) if (isAdded[index] === 1) printLine(line);
}

interface DerivedAhead {
  readonly of: ReadonlySet<ObjectId>;
  readonly found: Derivation;
}

/**
 * Where so few commits have no record that all of them will be looked into: all that each of them may be asked for is at hand. Lines of the
 * work tree stand for those that will be blamed.
 */
async function deriveAhead(
  repo: Repository,
  { sources, path, texts, prints, targets, findOutside }: DeriveAheadRequest,
): Promise<DerivedAhead | undefined> {
  const ids = [...targets.commits.keys()];
  const size = findSize(repo, path);
  if (ids.length === 0 || size === undefined || ids.length > countLookedInto(size)) return undefined;
  const candidates = await texts.findCandidates(prints);
  const reader = withTargetsAhead(repo, new Map(ids.map((id) => [id, new Set([path])])), targets);
  const found = await deriveRecords(repo, ids, { sources, reader, candidates, findOutside });
  return { of: new Set(ids), found };
}

interface DeriveAheadRequest {
  readonly sources: RecordSources;
  readonly path: RepoPath;
  readonly texts: RecordTexts;
  readonly prints: ReadonlySet<string>;
  readonly targets: TargetsAhead;
  readonly findOutside: ReadAhead["findOutside"];
}

function findSize({ workTree }: Repository, path: RepoPath): number | undefined {
  return workTree === undefined
    ? undefined
    : statSync(placeOf(workTree, path), { throwIfNoEntry: false })?.size;
}

const LARGEST_FILE = 4 * 1024 * 1024;

/** Most lines that will be blamed stand in the work tree, and their fingerprints are most of the work of finding them. */
async function printLines({ workTree }: Repository, path: RepoPath): Promise<ReadonlySet<string>> {
  if (workTree === undefined) return new Set();
  const file = placeOf(workTree, path);
  try {
    const text = readPlainFile(file, LARGEST_FILE)?.toString("latin1") ?? "";
    return new Set(text.split("\n").filter(isSignificant).map(printLine));
  } catch {
    // Git says best what is wrong with the file.
    return new Set();
  }
}
