// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord, CoverageGap } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import {
  findCommitTrees,
  type ParentedChange,
  type Repository,
  readParentedChanges,
  shallowBoundary,
} from "@countersign/git";
import { hashBytes } from "../hash-bytes.ts";
import { findRecordSources, type RecordSources } from "../records/record-sources.ts";
import { type CandidateFile, toCandidateFile } from "./candidate-file.ts";
import type { DerivedFile } from "./derivation-draft.ts";
import { deriveFile } from "./derive-file.ts";
import { type CandidateIndex, findNear, indexCandidates } from "./find-near.ts";
import { readForeignCandidates } from "./foreign-candidates.ts";
import { findLostSources, findOpenPrints, readSourceTexts } from "./lost-sources.ts";
import { readTargets } from "./read-targets.ts";
import { readWantedRecords, wantsFiles, wantsPrints } from "./stream-records.ts";
import { type FoundCommit, toDerivedRecord } from "./to-derived-record.ts";

export interface Derivation {
  /** Records of those commits of which something was found. */
  readonly records: ReadonlyMap<ObjectId, AssistanceRecord>;
  /** What could not be looked into, by commit, whether something was found or not. */
  readonly gaps: ReadonlyMap<ObjectId, readonly CoverageGap[]>;
}

const NOTHING: Derivation = { records: new Map(), gaps: new Map() };

/**
 * Finds the lines that commits added again in the records of other commits: after a squash, a rebase, a pick or a filter the
 * lines are the same and only the commit is another. Give it commits without a record of their own. A dozen processes,
 * however many commits; none where no record exists.
 */
export async function deriveRecords(
  repo: Repository,
  commits: readonly ObjectId[],
  sources?: RecordSources,
): Promise<Derivation> {
  const from = sources ?? (await findRecordSources(repo));
  const { own, notes } = from;
  if (own.length + notes.length === 0 || commits.length === 0) return NOTHING;
  const boundary = new Set(repo.isShallow ? await shallowBoundary(repo) : []);
  const targets = commits.filter((id) => !boundary.has(id));
  const changes = await readChanges(repo, targets);
  const near = await readNearCandidates(repo, from, changes);
  const first = await deriveAll(repo, changes, indexCandidates(near), false);
  // Only what no nearer file explains is looked for everywhere, and only what went missing in its own text.
  const [far, texts] = await Promise.all([
    first.prints.size === 0 ? [] : readWantedRecords(repo, own, wantsPrints(first.prints)),
    readSourceTexts(repo, first.sources),
  ]);
  const again = new Map([...changes].filter(([id]) => first.open.has(id)));
  const index = indexCandidates(unique([...near, ...far.flatMap(toCandidates)]), texts);
  const second = again.size === 0 ? undefined : await deriveAll(repo, again, index, true);
  return toDerivation(repo, new Map([...first.found, ...(second?.found ?? [])]), boundary);
}

type Changes = ReadonlyMap<ObjectId, readonly ParentedChange[]>;

async function readChanges(repo: Repository, commits: readonly ObjectId[]): Promise<Changes> {
  const changes = new Map<ObjectId, readonly ParentedChange[]>();
  for await (const { id, changes: own } of readParentedChanges(repo, commits)) changes.set(id, own);
  return changes;
}

async function readNearCandidates(
  repo: Repository,
  sources: RecordSources,
  changes: Changes,
): Promise<readonly CandidateFile[]> {
  const all = [...changes.values()].flat();
  const paths = new Set(all.map(({ path }) => path));
  const isWanted = wantsFiles(paths, new Set(all.map(({ id }) => id)));
  const [own, foreign] = await Promise.all([
    readWantedRecords(repo, sources.own, isWanted),
    readForeignCandidates(repo, sources, paths),
  ]);
  // Our recorder's own notes repeat its records, so ours come first and what they say is said.
  const known = new Set(own.map((record) => record.commit));
  return [...own, ...foreign.filter((record) => !known.has(record.commit))].flatMap(toCandidates);
}

function toCandidates(record: AssistanceRecord): readonly CandidateFile[] {
  return record.files.map((file) => toCandidateFile(record, file));
}

/** The second look reads some records that the first one read. */
function unique(files: readonly CandidateFile[]): readonly CandidateFile[] {
  return [
    ...new Map(
      files.map((file) => [JSON.stringify([file.commit, file.grade, file.path, file.blob]), file]),
    ).values(),
  ];
}

interface Pass {
  readonly found: ReadonlyMap<ObjectId, FoundCommit>;
  /** Commits that are worth a second look, since lines of theirs are open. */
  readonly open: ReadonlySet<ObjectId>;
  /** Significant lines among them. */
  readonly prints: ReadonlySet<string>;
  /** Blobs whose text may tell what became of lines that are recorded and not found. */
  readonly sources: ReadonlySet<ObjectId>;
}

async function deriveAll(
  repo: Repository,
  changes: Changes,
  index: CandidateIndex,
  isLast: boolean,
): Promise<Pass> {
  const found = new Map<ObjectId, FoundCommit>();
  const open = new Set<ObjectId>();
  const prints = new Set<string>();
  const sources = new Set<ObjectId>();
  for await (const target of readTargets(repo, changes)) {
    const files: DerivedFile[] = [];
    const gaps = [...target.gaps];
    for (const file of target.files) {
      const { near, file: placed } = findNear(target, file, index, hashBytes);
      const derived = deriveFile(placed, near, hashBytes);
      files.push(derived);
      const openPrints = findOpenPrints(derived, hashBytes);
      if (openPrints.length === 0) continue;
      open.add(target.id);
      for (const print of openPrints) prints.add(print);
      const lost = findLostSources(derived, near, hashBytes);
      for (const blob of lost) sources.add(blob);
      if (isLast && lost.some((blob) => !index.texts.has(blob))) gaps.push(toLostGap(file.path));
    }
    found.set(target.id, { target, gaps, files: files.filter(({ lenders }) => lenders.size > 0) });
  }
  return { found, open, prints, sources };
}

function toLostGap(path: string): CoverageGap {
  const message = `earlier content of ${JSON.stringify(path)} is not in this repository, so lines that were reformatted since are not found`;
  return { code: "source-content-missing", message };
}

async function toDerivation(
  repo: Repository,
  found: ReadonlyMap<ObjectId, FoundCommit>,
  boundary: ReadonlySet<ObjectId>,
): Promise<Derivation> {
  const trees = await findCommitTrees(repo, [...found.keys()]);
  const records = new Map<ObjectId, AssistanceRecord>();
  const gaps = new Map<ObjectId, readonly CoverageGap[]>([...boundary].map((id) => [id, [SHALLOW]]));
  for (const [id, commit] of found) {
    const tree = trees.get(id);
    if (commit.gaps.length > 0) gaps.set(id, commit.gaps);
    if (tree !== undefined && commit.files.length > 0) records.set(id, toDerivedRecord({ id, tree }, commit));
  }
  return { records, gaps };
}

const SHALLOW: CoverageGap = {
  code: "history-missing",
  message: "this clone is shallow here, so what the commit added cannot be told; run git fetch --unshallow",
};
