// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { Impact } from "@countersign/core/infrastructure";
import {
  asksForImpact,
  asksForTested,
  asOf,
  type ChangeFacts,
  type CommitFacts,
  evaluatePolicy,
  findPrincipalByKey,
  judgeSignOffs,
  type Landing,
  type OpenOverride,
  withImpactClasses,
} from "@countersign/core/policy";
import { GITLINK, type RawChange, type Repository, readSizes } from "@countersign/git";
import { findLimitProblems } from "../find-limit-problems.ts";
import { type GatheredCommits, toFileUnion } from "../gather-commits.ts";
import { joinImpact } from "../impact/gather-impact.ts";
import { readImpactFiles } from "../impact/read-impact-files.ts";
import { mergeFiles } from "../merge-files.ts";
import { toComputed } from "../to-computed.ts";
import { toContributors } from "../to-contributors.ts";
import { toLostVersion } from "../to-lost-version.ts";
import { answerLanding, toLandedKey } from "./answer-landing.ts";
import type { ChunkFacts } from "./chunk-facts.ts";
import { inheritFromBeside } from "./inherit-from-beside.ts";
import type { LandedChange } from "./landed-change.ts";

/** Sizes of all contents of a chunk, for the policy's limits. */
export async function measureAll(
  repository: Repository,
  changes: Iterable<Pick<RawChange, "newId" | "newMode">>,
): Promise<ReadonlyMap<ObjectId, number>> {
  const ids = new Set<ObjectId>();
  for (const { newId, newMode } of changes) if (newMode !== GITLINK && !/^0+$/.test(newId)) ids.add(newId);
  const list = [...ids];
  const sizes = await readSizes(repository, list);
  return new Map(list.map((id, i) => [id, sizes[i] ?? 0]));
}

/** One landing, asked of the one evaluation there is: the same facts as the gate's, read for many landings at once. */
export async function judgeLanding(
  chunk: ChunkFacts,
  landing: Landing,
  ids: readonly ObjectId[],
): Promise<LandedChange> {
  const { policy } = chunk;
  const { id: head } = landing.head;
  const versions = chunk.versions.get(head) ?? { heads: [], pushers: [] };
  const inherited = inheritFromBeside(chunk, landing, listOwn(chunk, ids));
  const heads = [...new Set([...versions.heads, ...inherited.replaced])];
  const own = toOwn(chunk, landing, inherited.commits);
  const { record, answers } = await answerLanding(chunk, landing, { own, versions: heads });
  const originals = listOriginals(chunk, own.commits, answers);
  const past = heads.flatMap((id) => toFacts(chunk, id));
  const all = [...originals, ...own.commits];
  const files = mergeFiles(own, originals);
  const impact = await readLandedImpact(chunk, landing, all);
  const facts: ChangeFacts = {
    record,
    base: landing.base.id,
    head,
    mergeBase: landing.base.id,
    commits: all,
    files: impact === undefined ? files : withImpactClasses(policy, files, impact),
    ...(impact === undefined ? {} : { impact }),
    contributors: [
      ...versions.pushers,
      ...toContributors([...all, ...past], toComputed(landing, own, originals)),
    ],
    versions: heads,
    openOverrides: chunk.openOverrides.filter((override) => isEarlier(chunk, landing, override)),
    claims: [],
    problems: [
      ...chunk.problems,
      ...own.problems,
      ...chunk.besideProblems.filter(({ objects }) =>
        objects.every((id) => all.some((one) => one.id === id)),
      ),
      ...findLost(chunk, heads),
      ...findUnlogged(chunk, new Set([head, ...heads, ...all.map(({ id }) => id)])),
      ...findLimitProblems(policy, own, chunk.net.get(head) ?? [], sumSizes(chunk, all)),
    ],
  };
  const pushedAt = chunk.pushedAt(head);
  const evaluatedAt = chunk.judgedAt({
    head,
    statements: answers.map((answer) => answer.envelope),
    pushedAt,
  });
  const judged = judgeSignOffs(policy, facts, asOf(answers, evaluatedAt, policy), evaluatedAt);
  return {
    base: landing.base.id,
    head,
    signedHead: landing.signedHead,
    commits: all,
    files: facts.files,
    recorded: pickRecorded(chunk, own.commits),
    impact: impact ?? null,
    policy,
    unjudged: null,
    evaluatedAt,
    pushedAt,
    evaluation: evaluatePolicy({ policy, facts, judged, evaluatedAt }),
    statements: answers,
  };
}

function pickRecorded({ own }: ChunkFacts, commits: readonly CommitFacts[]): LandedChange["recorded"] {
  return new Map(
    commits.flatMap(({ id }) => {
      const known = own.recorded.get(id);
      return known === undefined ? [] : [[id, known] as const];
    }),
  );
}

/** Only where the policy in force asks: it reads every content of the landing. */
async function readLandedImpact(
  { policy, repository, net, surroundings, own }: ChunkFacts,
  { base, head }: Landing,
  commits: readonly CommitFacts[],
): Promise<Impact | undefined> {
  if (!asksForImpact(policy)) return undefined;
  const changes = net.get(head.id) ?? [];
  const range = {
    repository,
    oldTree: base.tree,
    newTree: head.tree,
    changes,
    surroundings,
    isOneOfMany: true,
  };
  const request = { repository, head: head.id, commits, recorded: own.recorded };
  return await joinImpact(asksForTested(policy) ? range : null, await readImpactFiles(range), request);
}

/** Landings are judged oldest first, so what is not known to have landed yet comes later, unless it lies before the range. */
function isEarlier(
  { tools, overridesBefore }: ChunkFacts,
  { head }: Landing,
  override: OpenOverride,
): boolean {
  const key = toLandedKey(override);
  return overridesBefore.has(key) || (tools.landedAs.get(key) ?? head.id) !== head.id;
}

/** Oldest first. */
function listOwn({ own, order }: ChunkFacts, ids: readonly ObjectId[]): readonly CommitFacts[] {
  const places = ids.flatMap((id) => order.get(id) ?? []).sort((a, b) => a - b);
  return places.flatMap((place) => own.commits[place] ?? []);
}

function toOwn(
  chunk: ChunkFacts,
  landing: Landing,
  commits: readonly CommitFacts[],
): Pick<GatheredCommits, "commits" | "computedMerges" | "files" | "problems"> {
  const { own, classified } = chunk;
  const net = (chunk.net.get(landing.head.id) ?? []).flatMap((change) => classified.get(change) ?? []);
  const ids = new Set(commits.map((commit) => commit.id));
  return {
    commits,
    computedMerges: own.computedMerges,
    files: toFileUnion([...net, ...commits.flatMap((commit) => commit.files)]),
    problems: own.problems.filter(({ objects }) => objects.every((id) => ids.has(id))),
  };
}

/** Commits that were signed but are not in the change itself: what a squash or a rebase replaced (T02). */
function listOriginals(
  chunk: ChunkFacts,
  own: readonly CommitFacts[],
  answers: LandedChange["statements"],
): readonly CommitFacts[] {
  const present = new Set(own.map((commit) => commit.id));
  const heads = answers
    .filter(({ cover, predicate }) => cover !== "none" && !present.has(predicate.change.head))
    .filter(({ publicKey }) => findPrincipalByKey(chunk.policy, publicKey) !== undefined)
    .map(({ predicate }) => predicate.change.head);
  const found = new Map(heads.flatMap((head) => toFacts(chunk, head)).map((commit) => [commit.id, commit]));
  return [...found.values()].filter((commit) => !present.has(commit.id));
}

function toFacts(chunk: ChunkFacts, head: ObjectId): readonly CommitFacts[] {
  return [...chunk.besideOf(head)].flatMap((id) => chunk.beside.get(id) ?? []).reverse();
}

/** A version that was pushed and is not here had authors whom nobody can name (T11). */
function findLost(chunk: ChunkFacts, heads: readonly ObjectId[]): ChangeFacts["problems"] {
  if (heads.length === 0) return [];
  const pushed = new Set(chunk.pushes.records.map((record) => record.new));
  return heads.filter((id) => pushed.has(id) && !chunk.tools.isHere(id)).map(toLostVersion);
}

/** What a ledger lost, of this landing; and a ledger that cannot be relied on at all, of every one. */
function findUnlogged({ inclusion }: ChunkFacts, ours: ReadonlySet<ObjectId>): ChangeFacts["problems"] {
  return inclusion.problems.filter(
    ({ objects }) => objects.length === 0 || objects.some((id) => ours.has(id)),
  );
}

function sumSizes({ sizes }: ChunkFacts, commits: readonly CommitFacts[]): number {
  const ids = new Set(commits.flatMap((commit) => commit.files.map((file) => file.newId)));
  let sum = 0;
  for (const id of ids) sum += sizes.get(id) ?? 0;
  return sum;
}
