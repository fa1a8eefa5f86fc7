// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, type CoverageGap, isSignificant } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type Repository, shallowBoundary } from "@countersign/git";
import { findRecordSources, type RecordSources } from "../records/record-sources.ts";
import { type BroughtTexts, readBroughtTexts } from "./brought-texts.ts";
import { type CandidateFile, toCandidateFile } from "./candidate-file.ts";
import { type CandidateIndex, indexCandidates } from "./candidate-index.ts";
import type { DerivationDraft, DerivedFile } from "./derivation-draft.ts";
import { deriveFile } from "./derive-file.ts";
import { type Barred, dropImpossible } from "./drop-impossible.ts";
import { toFileKey } from "./file-key.ts";
import { findNear, removedLines } from "./find-near.ts";
import { findOriginals, type NewFile, type Originals } from "./find-originals.ts";
import { addRecordedTexts, type FormerTexts, readFormerTexts } from "./former-texts.ts";
import { printLine } from "./print-line.ts";
import { readFarCandidates, readNearCandidates, uniqueCandidates } from "./read-candidates.ts";
import { type Outside, orderOutside, readStrangers } from "./read-strangers.ts";
import type { Sighting } from "./sighting.ts";
import { type Changes, createTargetReader, type TargetReader } from "./target-reader.ts";
import { type FoundCommit, toDerivedRecord } from "./to-derived-record.ts";

export interface Derivation {
  /** Records of those commits of which something was found. */
  readonly records: ReadonlyMap<ObjectId, AssistanceRecord>;
  /** What could not be looked into, by commit, whether something was found or not. */
  readonly gaps: ReadonlyMap<ObjectId, readonly CoverageGap[]>;
}

export interface DeriveOptions {
  readonly sources?: RecordSources;
  /** By default all paths of each commit are looked at. */
  readonly reader?: TargetReader;
  /** All that may lend, near and far, where the caller has read it already. */
  readonly candidates?: readonly CandidateFile[];
  /**
   * Those of some commits whose text may have been swallowed, of which the caller knows more: all commits are of one history, and
   * none of a history was swallowed by another one of it. By default those that no commit has for an ancestor.
   */
  readonly findOutside?: (commits: readonly ObjectId[]) => Outside | Promise<Outside>;
  /** What was seen of files of the commits when they were made. */
  readonly sightings?: readonly Sighting[];
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
  { sources, reader = createTargetReader(repo), candidates, findOutside, sightings = [] }: DeriveOptions = {},
): Promise<Derivation> {
  const from = sources ?? (await findRecordSources(repo));
  if (from.own.length + from.notes.length === 0 || commits.length === 0) return NOTHING;
  const boundary = new Set(repo.isShallow ? await shallowBoundary(repo) : []);
  const targets = commits.filter((id) => !boundary.has(id));
  // Asked at once: it is needed at the end, and a process takes its time.
  const trees = reader.readTrees(targets);
  trees.catch(() => undefined);
  const changes = await reader.readChanges(targets);
  const standing = await readFormerTexts(repo, sightings);
  const files = [...changes.values()].flat().map(({ path, id }) => ({ path, id }));
  const before = [...standing.values()].flat().map(({ path, blob = "" }) => ({ path, id: blob }));
  const near = candidates ?? (await readNearCandidates(repo, from, [...files, ...before]));
  const nearest = indexCandidates(near);
  const former = await addRecordedTexts(repo, standing, nearest);
  const seen = { former, sightings: new Map(sightings.map((one) => [toFileKey(one.commit, one.path), one])) };
  const first = await deriveAll(reader, changes, nearest, seen);
  // Only what no nearer file explains is looked for everywhere, and only what a squash swallowed in its text.
  const far = candidates === undefined ? await readFarCandidates(repo, from, first.prints) : [];
  const known = far.length === 0 ? nearest : indexCandidates(uniqueCandidates([...near, ...far]));
  const originals = await findOriginals(repo, first.anew, known);
  const paths = new Set([...first.paths, ...[...originals.values()].flatMap((names) => [...names])]);
  const strangers = await readStrangers(
    repo,
    known,
    paths,
    findOutside ?? ((ids) => orderOutside(repo, ids, targets)),
  );
  const brought = await readBroughtTexts(repo, first.found);
  const again = new Map([...changes].filter(([id]) => first.wanted.has(id)));
  const more = far.length + originals.size + strangers.files.size + brought.size;
  const isWorth = again.size > 0 && more > 0;
  const index = { ...known, strangers: strangers.files };
  const around = { ...seen, lost: strangers.lost, originals, brought };
  const second = isWorth ? await deriveAll(reader, again, index, around) : undefined;
  const found = new Map([...first.found, ...(second?.found ?? [])]);
  const wanted = new Map([...first.wanted, ...(second?.wanted ?? [])]);
  const lending = { changes, index, found, wanted, around };
  const barred = await lendWithoutLater(repo, reader, lending);
  await lendAmong(repo, reader, { ...lending, around: { ...around, barred } });
  return toDerivation(await trees, found, boundary);
}

interface Lending {
  readonly changes: Changes;
  readonly index: CandidateIndex;
  /** What was found so far; what more is found is added. */
  readonly found: Map<ObjectId, FoundCommit>;
  readonly wanted: Map<ObjectId, ReadonlySet<string>>;
  readonly around: Around;
}

/** What more is known of the files that are looked into. */
interface Around {
  /** Paths of which some earlier content is not here. */
  readonly lost?: ReadonlySet<RepoPath>;
  readonly barred?: Barred;
  readonly originals?: Originals;
  readonly former?: FormerTexts;
  readonly sightings?: ReadonlyMap<string, Sighting>;
  readonly brought?: BroughtTexts;
}

/**
 * A later commit that renamed a file is as near as its content is the same, and cannot have lent: then the next nearest is asked.
 * Costs nothing where no later one had lent. Returns all that are barred now.
 */
async function lendWithoutLater(
  repo: Repository,
  reader: TargetReader,
  { changes, index, found, wanted, around }: Lending,
): Promise<Barred> {
  const all = new Map<ObjectId, ReadonlySet<ObjectId>>(around.barred);
  let barred = await dropImpossible(repo, found.values());
  for (let round = 0; round < MOST_ROUNDS && barred.size > 0; round++) {
    for (const [id, later] of barred) all.set(id, new Set([...(all.get(id) ?? []), ...later]));
    const again = new Map([...barred.keys()].map((id) => [id, changes.get(id) ?? []]));
    const pass = await deriveAll(reader, again, index, { ...around, barred: all });
    barred = await dropImpossible(repo, pass.found.values());
    for (const [id, commit] of pass.found) found.set(id, commit);
    for (const [id, prints] of pass.wanted) wanted.set(id, prints);
  }
  return all;
}

/** A line that was changed in one of the commits, picked to a second and changed again in a third: each needs the one before. */
const MOST_ROUNDS = 4;

/** What was found of one commit may be what another one looks for, if it is in no record yet. Costs nothing where it is. */
async function lendAmong(repo: Repository, reader: TargetReader, lending: Lending): Promise<void> {
  const { changes, index, found, around } = lending;
  let { barred } = around;
  let lenders = index;
  let open: Pass["wanted"] = lending.wanted;
  for (let round = 0; round < MOST_ROUNDS && open.size > 0; round++) {
    const fresh = findNewAi([...found.values()].flatMap(toCandidates), lenders);
    const prints = new Set(fresh.flatMap(toPrints));
    const again = [...open].filter(([, own]) => [...own].some((print) => prints.has(print)));
    if (again.length === 0) return;
    lenders = indexCandidates([...lenders.files, ...fresh], index.strangers);
    const now = { ...around, ...(barred === undefined ? {} : { barred }) };
    const pass = await deriveAll(
      reader,
      new Map(again.map(([id]) => [id, changes.get(id) ?? []])),
      lenders,
      now,
    );
    const lent = {
      changes,
      index: lenders,
      found: new Map(pass.found),
      wanted: new Map(pass.wanted),
      around: now,
    };
    barred = await lendWithoutLater(repo, reader, lent);
    for (const [id, commit] of lent.found) found.set(id, commit);
    open = lent.wanted;
  }
}

function toCandidates(commit: FoundCommit): readonly CandidateFile[] {
  const record = toDerivedRecord({ id: commit.target.id, tree: "" }, commit);
  return record.files.map((file) => toCandidateFile(record, file));
}

/** A line of an AI's that no record knows under that name: what somebody made of it later is looked for there. */
function findNewAi(files: readonly CandidateFile[], { byPath }: CandidateIndex): readonly CandidateFile[] {
  const known = new Map<RepoPath, ReadonlySet<string>>();
  return files.filter(({ path, ranges }) => {
    const prints = known.get(path) ?? new Set((byPath.get(path) ?? []).flatMap(toPrints));
    known.set(path, prints);
    return ranges.some(
      ({ origin, fingerprints }) => origin.kind === "ai" && fingerprints.some((print) => !prints.has(print)),
    );
  });
}

function toPrints({ ranges }: CandidateFile): readonly string[] {
  return ranges.flatMap(({ fingerprints }) => fingerprints);
}

interface Pass {
  readonly found: ReadonlyMap<ObjectId, FoundCommit>;
  /**
   * Commits that are worth a second look, since lines of theirs are open: fingerprints of these lines and of what stood where
   * they stand.
   */
  readonly wanted: ReadonlyMap<ObjectId, ReadonlySet<string>>;
  /** The significant open lines of all, and their files. */
  readonly prints: ReadonlySet<string>;
  readonly paths: ReadonlySet<RepoPath>;
  /** Those of their files that no parent has. */
  readonly anew: readonly NewFile[];
}

async function deriveAll(
  reader: TargetReader,
  changes: Changes,
  index: CandidateIndex,
  { lost = new Set(), barred = new Map(), originals, former, sightings, brought }: Around = {},
): Promise<Pass> {
  const found = new Map<ObjectId, FoundCommit>();
  const wanted = new Map<ObjectId, Set<string>>();
  const prints = new Set<string>();
  const paths = new Set<RepoPath>();
  const anew: NewFile[] = [];
  for await (const target of reader.readTargets(changes)) {
    const files: DerivationDraft[] = [];
    const gaps = [...target.gaps];
    for (const file of target.files) {
      const key = toFileKey(target.id, file.path);
      const options = {
        barred: barred.get(target.id),
        originals: originals?.get(key),
        former: former?.get(key),
        sighting: sightings?.get(key),
        brought: brought?.get(key),
      };
      const { near, names, file: placed } = findNear(target, file, index, options);
      const derived = deriveFile(placed, near, options.sighting);
      files.push(derived);
      const openPrints = findOpenPrints(derived);
      if (openPrints.length === 0) continue;
      for (const name of names) paths.add(name);
      for (const print of openPrints) prints.add(print);
      if (placed.parents.length === 0)
        anew.push({
          ...{ commit: target.id, path: file.path, blob: file.blob },
          ...{ prints: openPrints, sighting: options.sighting },
        });
      const own = wanted.get(target.id) ?? new Set();
      for (const print of [...openPrints, ...removedLines(placed).map(printLine)]) own.add(print);
      wanted.set(target.id, own);
      if (lost.has(file.path)) gaps.push(toLostGap(file.path));
    }
    found.set(target.id, { target, gaps, files: files.filter(({ lenders }) => lenders.size > 0) });
  }
  return { found, wanted, prints, paths, anew };
}

/** Fingerprints of added significant lines whose origin is still unknown. */
function findOpenPrints({ target, origins }: DerivedFile): readonly string[] {
  return target.lines
    .filter((line, i) => target.isAdded[i] === 1 && origins[i]?.kind === "unknown" && isSignificant(line))
    .map(printLine);
}

function toLostGap(path: string): CoverageGap {
  const message = `earlier content of ${JSON.stringify(path)} is not in this repository, so lines that were reformatted since are not found`;
  return { code: "source-content-missing", message };
}

function toDerivation(
  trees: ReadonlyMap<ObjectId, ObjectId>,
  found: ReadonlyMap<ObjectId, FoundCommit>,
  boundary: ReadonlySet<ObjectId>,
): Derivation {
  const records = new Map<ObjectId, AssistanceRecord>();
  const gaps = new Map<ObjectId, readonly CoverageGap[]>([...boundary].map((id) => [id, [SHALLOW]]));
  for (const [id, commit] of found) {
    const tree = trees.get(id);
    if (commit.gaps.length > 0) gaps.set(id, commit.gaps);
    const files = commit.files.filter(({ lenders }) => lenders.size > 0);
    if (tree !== undefined && files.length > 0)
      records.set(id, toDerivedRecord({ id, tree }, { ...commit, files }));
  }
  return { records, gaps };
}

const SHALLOW: CoverageGap = {
  code: "history-missing",
  message: "this clone is shallow here, so what the commit added cannot be told; run git fetch --unshallow",
};
