// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord, Coverage } from "@countersign/core/attribution";
import type { Identity, ObjectId, RepoPath } from "@countersign/core/ids";
import {
  type CommitRecord,
  type ParentedChange,
  type Repository,
  readParentedChanges,
} from "@countersign/git";
import type { WorkingState } from "../capture/working-state.ts";
import { readTargets, type TargetCommit } from "../derive/read-targets.ts";
import type { Sighting } from "../derive/sighting.ts";
import { readIdentities } from "../records/read-records.ts";
import type { Active } from "./active.ts";
import { type AttributionMoment, attributeCommit, type SeenPath } from "./attribute-commit.ts";
import { findMissingTrailers } from "./claim-trailers.ts";
import { coverCommit } from "./cover-commit.ts";
import { findBrought, type OtherHistory } from "./find-brought.ts";
import { findFilteredFiles } from "./find-filtered-files.ts";
import { findInherited, type Inheritance, type Rewritten, readCoverages } from "./find-inherited.ts";
import type { MadeCommit } from "./find-made-commits.ts";
import { type PreparedRecord, readPreparedRecord } from "./prepared-commit.ts";
import { readEmission } from "./read-emission.ts";
import { isAmend, isOwnCommit } from "./read-head-log.ts";
import { readLateStates } from "./read-late-states.ts";
import { type ReplacedTexts, readReplaced } from "./read-replaced.ts";
import { readTakenUp } from "./read-taken-up.ts";
import type { TakenUp } from "./taken-up.ts";
import { toRecord } from "./to-record.ts";

export interface MadeRequest {
  readonly made: readonly MadeCommit[];
  readonly state: WorkingState;
  readonly active: Active | undefined;
}

/** A commit with its record. */
export interface RecordedMade {
  readonly record: AssistanceRecord;
  readonly author: Identity;
  /** Stands for the conversation of an agent that names none. */
  readonly session: string;
}

/** What the recorder of this work tree knows of a commit by itself. */
export interface SeenCommit extends RecordedMade {
  readonly made: MadeCommit;
  /** Other commits' records may know more. */
  readonly isOpen: boolean;
  readonly sightings: readonly Sighting[];
}

export interface SeenCommits {
  readonly commits: readonly SeenCommit[];
  /** Of the paths that differed when the recorder came, those that no commit has taken yet. */
  readonly unseen: readonly RepoPath[] | null;
  /** Texts that they replaced, by path. */
  readonly replaced: ReplacedTexts;
}

/** What is known of commits that were made here: as prepared, or else from what is known of the work tree. */
export async function recordMade(
  repo: Repository,
  { made, state, active }: MadeRequest,
): Promise<SeenCommits> {
  const known = await readCommits(repo, made);
  const unseen = active?.dirty === null ? null : new Set(active?.dirty ?? []);
  const pairs = made.flatMap((one) => {
    const commit = known.get(one.commit);
    return commit === undefined || isForeign(one, commit) || isRepeated(one) ? [] : [{ made: one, commit }];
  });
  const prepared = new Map(
    pairs.map(({ made: one, commit }) => [commit.id, findPrepared(repo, one, commit)]),
  );
  const late = pairs.filter(({ commit }) => prepared.get(commit.id) === undefined);
  const targets = await readLateTargets(
    repo,
    late.map(({ commit }) => commit),
  );
  // Of two commits that are recorded at once, the later may bring back what the earlier replaced.
  const replaced = await readReplaced(
    repo,
    state,
    pairs.flatMap(({ commit }) => commit.changes),
  );
  const pastOf = await readLateStates(
    repo,
    late.map((one) => one.made),
    { present: state, replaced },
  );
  const filtered = await findFilteredFiles(repo, [...targets.values()], state);
  const inheritance = await findInherited(repo, pairs.flatMap(toRewritten));
  const brought = await findBrought(repo, pairs.flatMap(toWatched));
  const histories = [...brought.values()].flatMap((all) => (all ?? []).flatMap((one) => one.commits));
  const earlier = await readCoverages(repo, [...new Set([...pairs.flatMap(toAmended), ...histories])]);
  const coverages = new Map([...earlier, ...inheritance.coverages]);
  const commits: SeenCommit[] = [];
  for (const { made: one, commit } of pairs) {
    const ready = prepared.get(commit.id);
    const target = targets.get(commit.id);
    const own =
      ready ??
      attributeLate(commit, target, pastOf(one), {
        takenUp: await readTaken(repo, one, { target, recorded: commits }),
        filtered,
      });
    const changed = commit.changes.map(({ path }) => path);
    const coverage = coverCommit({
      made: one,
      inherited: inherit(one, { ...inheritance, coverages }),
      amended: toAmended({ made: one }).map((id) => coverages.get(id)),
      broughtFrom: findUnwatched(brought.get(commit.id), coverages),
      active,
      gaps: ready === undefined ? state.gaps : [],
      changed,
      unseen,
    });
    coverages.set(commit.id, coverage);
    for (const path of changed) unseen?.delete(path);
    const record = addTrailerGap(repo, one, commit, toRecord(own, commit.id, coverage));
    commits.push({
      ...{ record, author: commit.author, session: one.key ?? commit.id },
      ...{ made: one, isOpen: own.isOpen, sightings: toSightings(commit, own, toAmended({ made: one })[0]) },
    });
  }
  return { commits, unseen: unseen === null ? null : [...unseen], replaced };
}

/** More files than this nobody changes in a commit that is amended, and looks at each. */
const MOST_AMENDED = 500;

function toSightings(
  { id, parents: [parent], changes }: ChangedCommit,
  { files, seen = [] }: PreparedRecord,
  amended: ObjectId | undefined,
): readonly Sighting[] {
  const others = amended === undefined ? [] : changes.slice(0, MOST_AMENDED);
  const paths = new Set([...files, ...seen, ...others].map(({ path }) => path));
  return [...paths].map((path): Sighting => {
    const { names, over, began } = seen.find((one) => one.path === path) ?? NOTHING_SEEN;
    const ranges = files.find((one) => one.path === path)?.ranges ?? [];
    const typed = ranges.filter(({ origin, evidence }) => origin === "human" && evidence === "observed");
    const byHand = typed.flatMap(({ first, fingerprints }) =>
      fingerprints.map((_, index) => first - 1 + index),
    );
    return { commit: id, parent, path, names, began, amended, byHand: new Set(byHand), over: new Map(over) };
  });
}

const NOTHING_SEEN: Omit<SeenPath, "path"> = { names: [], over: [] };

/** Of what was made from what lay in the work tree, such as an amended commit, more has to be known than of its source. */
function toRewritten({ made }: { readonly made: MadeCommit }): readonly Rewritten[] {
  const { commit, sources, move } = made;
  const isMadeAnew = sources.length > 0 && move !== undefined && !isOwnCommit(move);
  return isMadeAnew ? [{ commit, sources }] : [];
}

/** The first in whose own history something was not watched; null where that could not be compared, undefined for none. */
function findUnwatched(
  histories: readonly OtherHistory[] | null | undefined,
  coverages: Inheritance["coverages"],
): ObjectId | null | undefined {
  if (histories === null) return null;
  return histories?.find(({ commits }) => commits.some((id) => coverages.get(id)?.isWhole !== true))?.tip;
}

/** Of others more is known than that they were made here, and nothing good. */
function toWatched({ made, commit }: { readonly made: MadeCommit; readonly commit: ChangedCommit }) {
  const { isSeen, isBrought, move } = made;
  const isOwn = isSeen && !isBrought && move !== undefined && isOwnCommit(move);
  return isOwn ? [{ ...commit, offset: move.offset }] : [];
}

/** The commit whose content this one took over. */
function toAmended({ made: { move } }: { readonly made: MadeCommit }): readonly ObjectId[] {
  return move !== undefined && isAmend(move) ? [move.from] : [];
}

/**
 * Only what was watched whole is as good as watched again. The other sources may be anything, if nothing of the commit is theirs: Git names
 * what stood there between two fixups too.
 */
function inherit(
  { commit, sources }: MadeCommit,
  { isFaithful, coverages }: Inheritance,
): Coverage | undefined {
  const whole = sources.filter((id) => coverages.get(id)?.isWhole === true);
  if (whole.length === 0 || !isFaithful(commit, whole)) return undefined;
  const times = whole.flatMap((id) => coverages.get(id)?.from ?? []);
  return {
    isWhole: true,
    from: times.length < whole.length ? null : Math.min(...times),
    to: null,
    gaps: [],
  };
}

/** Without the hook nobody could write the trailer: the record says so, and the gate goes by the record. */
function addTrailerGap(
  { workTree = "" }: Repository,
  { isSeen, move }: MadeCommit,
  { message }: CommitRecord,
  record: AssistanceRecord,
): AssistanceRecord {
  if (isSeen || move === undefined || !isOwnCommit(move) || record.agents.length === 0) return record;
  const [missing] = findMissingTrailers(record, message, readEmission(workTree));
  if (missing === undefined) return record;
  const reason = `Git's hooks were switched off when it was made, so its message lacks: ${missing}`;
  const gaps = [...record.coverage.gaps, { code: "trailer-missing", message: reason }];
  return { ...record, coverage: { ...record.coverage, isWhole: false, gaps } };
}

interface ChangedCommit extends CommitRecord {
  readonly changes: readonly ParentedChange[];
}

async function readCommits(
  repo: Repository,
  made: readonly MadeCommit[],
): Promise<ReadonlyMap<ObjectId, ChangedCommit>> {
  const records = await readIdentities(
    repo,
    made.map(({ commit }) => commit),
  );
  const changes = new Map<ObjectId, readonly ParentedChange[]>();
  for await (const { id, changes: own } of readParentedChanges(
    repo,
    records.map(({ id }) => id),
  ))
    changes.set(id, own);
  return new Map(records.map((record) => [record.id, { ...record, changes: changes.get(record.id) ?? [] }]));
}

/** Git made the very same commit once more: what there is to say of it was said the first time. */
function isRepeated({ commit, sources }: MadeCommit): boolean {
  return sources.includes(commit);
}

/** HEAD moved to it, but it was made elsewhere: a pull or merge that only went forward. */
function isForeign({ isSeen, move }: MadeCommit, { parents }: CommitRecord): boolean {
  if (isSeen || move === undefined || !/^(?:pull|merge)\b/.test(move.action)) return false;
  return parents[0] !== move.from;
}

/** What was prepared, if it was prepared for exactly this commit. */
function findPrepared(
  { gitDir }: Repository,
  { key }: MadeCommit,
  commit: CommitRecord,
): PreparedRecord | undefined {
  const prepared = key === null ? undefined : readPreparedRecord(gitDir, key);
  if (prepared === undefined || prepared.tree !== commit.tree) return undefined;
  return prepared.parents.join(" ") === commit.parents.join(" ") ? prepared : undefined;
}

async function readLateTargets(
  repo: Repository,
  commits: readonly ChangedCommit[],
): Promise<ReadonlyMap<ObjectId, TargetCommit>> {
  const targets = new Map<ObjectId, TargetCommit>();
  const changes = new Map(commits.map(({ id, changes: own }) => [id, own]));
  for await (const target of readTargets(repo, changes)) targets.set(target.id, target);
  return targets;
}

function readTaken(
  repo: Repository,
  made: MadeCommit,
  {
    target,
    recorded,
  }: { readonly target: TargetCommit | undefined; readonly recorded: readonly SeenCommit[] },
): Promise<TakenUp> {
  const before = new Set(target?.files.flatMap(({ path, parents }) => (parents.length > 0 ? [path] : [])));
  return readTakenUp(repo, {
    amended: toAmended({ made })[0],
    left: made.left,
    isAnew: (path) => !before.has(path),
    known: (id) => recorded.find(({ record }) => record.commit === id)?.record,
  });
}

/** A commit that nothing was prepared for: its lines are looked for in all that is known of the work tree. */
function attributeLate(
  { tree, parents }: CommitRecord,
  target: TargetCommit | undefined,
  state: WorkingState,
  more: Pick<AttributionMoment, "takenUp" | "filtered">,
): PreparedRecord {
  const nothing = { files: [], agents: [], isOpen: true, seen: [] };
  const moment = { now: null, head: "", ...more };
  const found = target === undefined ? nothing : attributeCommit(target, state, moment);
  return { version: 1, tree, parents, ...found, gaps: target?.gaps ?? [] };
}
