// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId } from "@countersign/core/ids";
import {
  type ChainLink,
  type CommitFacts,
  type FactsProblem,
  type Landing,
  type Policy,
  planLandings,
} from "@countersign/core/policy";
import { type CommitLink, diffTreePairs, digestBlobs, type RawChange, readChanges } from "@countersign/git";
import { classifyChanges } from "../classify-changes.ts";
import { listContentBlobs, toContentDigest } from "../digest-content.ts";
import { type CommitContext, gatherCommits } from "../gather-commits.ts";
import { toAmendments } from "../gather-context.ts";
import { gatherVersions, type Versions } from "../gather-versions.ts";
import { askLoggedStated, LOST_IN_LOG } from "../read-logged-stated.ts";
import { readStated } from "../read-stated.ts";
import { NO_SURROUNDINGS, readSurroundings } from "../read-surroundings.ts";
import type { ChunkFacts } from "./chunk-facts.ts";
import { splitOpen } from "./divide-line.ts";
import { findReviews } from "./index-reviews.ts";
import { measureAll } from "./judge-chunk.ts";
import type { LandedContext } from "./landed-context.ts";
import { listBrought } from "./landed-line.ts";
import { createMergeTable, type MergeTable } from "./merge-table.ts";

/** A chunk after its base and its policy are known to be there. */
export interface JudgedChunk {
  readonly links: readonly CommitLink[];
  readonly base: ChainLink;
  readonly policy: Policy;
}

export interface ReadChunk {
  readonly facts: ChunkFacts;
  readonly landings: readonly Landing[];
}

type Net = Map<ObjectId, readonly RawChange[]>;

/** Reads everything that judging the landings of a chunk takes, in some dozen processes for all of them. */
export async function readChunk(context: LandedContext, chunk: JudgedChunk): Promise<ReadChunk> {
  const { repository, request } = context;
  const range = toRange(context, chunk);
  const net = await readNet(context, chunk);
  const merges = createMergeTable(repository, (id) => context.graph.get(id)?.tree ?? treeOfBase(chunk, id));
  const hits = new Map(chunk.links.map(({ id }) => [id, context.sources.find(net.get(id) ?? [])]));
  await merges.add(chunk.links.flatMap((link) => listPairs(context, link, hits.get(link.id) ?? [])));
  const landings = divide(context, chunk, merges);
  await addWideNets(context, landings, net);
  const versions = await readVersions(context, landings);
  await merges.add(
    landings.flatMap(({ base, head }) =>
      besides(context, versions.get(head.id)?.heads ?? []).map((theirs) => ({ ours: base.id, theirs })),
    ),
  );
  const heads = [
    ...[...hits.values()].flat(),
    ...[...versions.values()].flatMap((own) => besides(context, own.heads)),
  ];
  const commits = await toCommitContext(context, chunk);
  const [own, classified, beside] = await Promise.all([
    gatherCommits(commits, range, []),
    classifyChanges(repository, chunk.policy, [...net.values()].flat(), commits.surroundings),
    readBeside(context, { ...commits, viaSignOff: true }, heads),
  ]);
  const files = own.commits.flatMap((commit) => commit.files);
  const facts: ChunkFacts = {
    repository,
    policy: chunk.policy,
    target: request.target,
    own,
    order: new Map(own.commits.map((commit, at) => [commit.id, at])),
    graph: context.graph,
    net,
    classified,
    beside: beside.commits,
    besideProblems: beside.problems,
    besideOf: context.besideOf,
    versions,
    pushes: context.pushes,
    problems: [...context.pushes.problems, ...context.statements.losses],
    inclusion: context.inclusions.of(chunk.policy),
    openOverrides: context.openOverrides,
    overridesBefore: context.overridesBefore,
    pushedAt: context.pushedAt,
    judgedAt: request.judgedAt,
    surroundings: commits.surroundings ?? NO_SURROUNDINGS,
    sizes: await measureAll(repository, [...[...net.values()].flat(), ...files]),
    contentDigests: await digestLandings(context, landings, net),
    tools: {
      index: context.index,
      isHere: (id) => context.graph.has(id) || context.available.has(id),
      merged: merges.get,
      sameAs: merges.sameAs,
      signedDigest: await digestSigned(context, landings, merges),
      landedAs: context.landedAs,
      isWatched: (id) => id === request.base || context.graph.has(id),
    },
  };
  return { facts, landings };
}

function toRange({ request }: LandedContext, { links, base }: JudgedChunk) {
  const last = links.at(-1);
  return {
    include: last === undefined ? [] : [last.id],
    exclude: [...new Set([base.id, ...(request.base === null ? [] : [request.base])])],
  };
}

function treeOfBase({ base }: JudgedChunk, id: ObjectId): ObjectId | undefined {
  return id === base.id ? base.tree : undefined;
}

/** What each link changes against the tip before it. */
async function readNet(context: LandedContext, chunk: JudgedChunk): Promise<Net> {
  const range = { ...toRange(context, chunk), firstParent: true };
  const net: Net = new Map();
  for await (const { id, changes } of readChanges(context.repository, range)) net.set(id, changes);
  return net;
}

/** What landed in several steps, as one difference. */
async function addWideNets(
  { repository }: LandedContext,
  landings: readonly Landing[],
  net: Net,
): Promise<void> {
  const wide = landings.filter(({ base, head }) => !isSingle(base, head, net));
  const pairs = wide.map(({ base, head }) => ({ from: base.tree, to: head.tree }));
  const found = await diffTreePairs(repository, pairs);
  for (const [i, { head }] of wide.entries()) net.set(head.id, found[i] ?? []);
}

function isSingle(base: ChainLink, head: ChainLink, net: Net): boolean {
  return net.has(head.id) && (head as CommitLink).parents?.[0] === base.id;
}

/** Merges that could explain a link: of heads that were signed or lie beside, onto the tip before it. */
function listPairs(context: LandedContext, link: CommitLink, hits: readonly ObjectId[]) {
  const ours = link.parents[0];
  if (ours === undefined) return [];
  const signed = listBrought(context.line, link.id).filter(
    (id) => id !== link.id && context.index.byHead.has(id),
  );
  return [...new Set([...signed, ...hits])].map((theirs) => ({ ours, theirs }));
}

function divide(
  context: LandedContext,
  { links, base, policy }: JudgedChunk,
  merges: MergeTable,
): readonly Landing[] {
  const { target } = context.request;
  const isSigned = (head: ObjectId) =>
    (context.index.byHead.get(head) ?? []).some(
      ({ predicate: { decision, change } }) =>
        decision === "approve" && change.target === target && change.policyDigest === policy.digest,
    );
  const positions = links.flatMap(({ parents }) => parents.slice(0, 1));
  const tried = [...new Set(positions.flatMap((position) => [...merges.headsAt(position)]))]
    .filter(isSigned)
    .sort();
  const landings = planLandings(base, links, tried, (position, head) => {
    const result = merges.get(position, head);
    return result?.isClean === true ? result.tree : undefined;
  });
  return splitOpen(landings, links, context.spans);
}

async function readVersions(
  { repository, pushes, line }: LandedContext,
  landings: readonly Landing[],
): Promise<ReadonlyMap<ObjectId, Versions>> {
  const found = new Map<ObjectId, Versions>();
  for (const { base, head, signedHead } of landings) {
    const ids = listIds({ line }, base.id, head.id);
    const reached = new Set([...ids, ...(signedHead === null ? [] : [signedHead])]);
    found.set(head.id, await gatherVersions(repository, pushes, { head: head.id, reached }));
  }
  return found;
}

/** Commits that a landing of one or more links brought in. */
export function listIds(
  { line }: Pick<LandedContext, "line">,
  base: ObjectId,
  head: ObjectId,
): readonly ObjectId[] {
  const ids: ObjectId[] = [];
  const before = line.placeOf(base) ?? -1;
  for (let place = line.placeOf(head) ?? before; place > before; place--) ids.push(...line.broughtAt(place));
  return ids;
}

function besides({ sources }: LandedContext, heads: readonly ObjectId[]): readonly ObjectId[] {
  return heads.filter((id) => sources.graph.has(id));
}

async function readBeside(
  { repository, request, sources, available }: LandedContext,
  commits: CommitContext,
  heads: readonly ObjectId[],
): Promise<{
  readonly commits: ReadonlyMap<ObjectId, CommitFacts>;
  readonly problems: readonly FactsProblem[];
}> {
  const include = [...new Set(heads)].filter((id) => sources.graph.has(id) && available.has(id));
  if (include.length === 0) return { commits: new Map(), problems: [] };
  const { commits: found, problems } = await gatherCommits(
    { ...commits, repository },
    { include, exclude: [parseObjectId(request.head)] },
    [],
  );
  return {
    commits: new Map(found.map((commit) => [commit.id, commit])),
    problems: problems.filter(({ code }) => code === LOST_IN_LOG),
  };
}

async function toCommitContext(context: LandedContext, chunk: JudgedChunk): Promise<CommitContext> {
  const { repository, request, statements, recordSources } = context;
  const last = chunk.links.at(-1);
  return {
    repository,
    policy: chunk.policy,
    branchNames: [],
    amendments: toAmendments(chunk.policy, statements.amendments, request.now),
    viaSignOff: false,
    recordSources,
    stated: await readStated(
      repository,
      { policy: chunk.policy, commit: chunk.base.id },
      statements.machines,
    ),
    askLogged: askLoggedStated({
      repository,
      policy: chunk.policy,
      commit: chunk.base.id,
      inclusion: context.inclusions.of(chunk.policy),
      machines: statements.machines,
    }),
    areLinesCounted: true,
    surroundings: await readSurroundings(repository, chunk.base.tree, last?.tree ?? chunk.base.tree),
  };
}

/** Only of landings of which somebody said something: contents are read for it. */
async function digestLandings(
  context: LandedContext,
  landings: readonly Landing[],
  net: Net,
): Promise<ReadonlyMap<ObjectId, string>> {
  const asked = landings.filter(({ base, head, signedHead }) => {
    const heads = [...listIds(context, base.id, head.id), ...(signedHead === null ? [] : [signedHead])];
    return findReviews(context.index, { base: base.id, tree: head.tree, heads }).length > 0;
  });
  const changes = asked.map(({ head }) => net.get(head.id) ?? []);
  const digests = await digestBlobs(context.repository, listContentBlobs(changes));
  return new Map(asked.map(({ head }, i) => [head.id, toContentDigest(changes[i] ?? [], digests)]));
}

/** What signed changes contain here, of those that Git merges to exactly a landing. */
async function digestSigned(
  { repository, index, graph, available }: LandedContext,
  landings: readonly Landing[],
  merges: MergeTable,
): Promise<ChunkFacts["tools"]["signedDigest"]> {
  const treeOf = (id: ObjectId) => graph.get(id)?.tree ?? available.get(id);
  const wanted = new Map<string, { readonly from: ObjectId; readonly to: ObjectId }>();
  for (const landing of landings) {
    for (const head of merges.sameAs(landing, { ...landing.head, parents: [landing.base.id] })) {
      for (const { predicate } of index.byHead.get(head) ?? []) {
        const from = treeOf(predicate.change.mergeBase);
        const to = treeOf(head);
        if (from !== undefined && to !== undefined) wanted.set(toKey(predicate.change), { from, to });
      }
    }
  }
  const changes = await diffTreePairs(repository, [...wanted.values()]);
  const digests = await digestBlobs(repository, listContentBlobs(changes));
  const found = new Map(
    [...wanted.keys()].map((key, i) => [key, toContentDigest(changes[i] ?? [], digests)]),
  );
  return (change) => found.get(toKey(change));
}

function toKey({ mergeBase, head }: { readonly mergeBase: ObjectId; readonly head: ObjectId }): string {
  return `${mergeBase}:${head}`;
}
