// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { type OpenOverride, POLICY_PATH, type Policy, parsePolicy } from "@countersign/core/policy";
import {
  type CommitLink,
  EVIDENCE_REF,
  filterCommits,
  listRefs,
  type Repository,
  readCommitTrees,
  readRef,
  streamCommitTrees,
} from "@countersign/git";
import { RECORDING_REFS, toRecordSources } from "@countersign/recorder";
import { findOpenOverrides } from "../find-open-overrides.ts";
import { gatherCommits } from "../gather-commits.ts";
import { readPushHistory } from "../gather-versions.ts";
import { type Inclusion, NO_LEDGER, withLoggedTimes } from "../ledger/read-inclusion.ts";
import { readInclusions } from "../ledger/read-inclusions.ts";
import type { PushRecord } from "../push-record.ts";
import { readPolicyAt } from "../read-policy.ts";
import { readStatements, type Statements } from "../read-statements.ts";
import { toLandedKey } from "./answer-landing.ts";
import { createBesideOf } from "./create-beside-of.ts";
import { findSpans } from "./divide-line.ts";
import { findSources } from "./find-sources.ts";
import { indexReviews } from "./index-reviews.ts";
import { judgeLanding } from "./judge-chunk.ts";
import type { LandedChange, LandedHistory, LandedRequest } from "./landed-change.ts";
import type { LandedContext } from "./landed-context.ts";
import { listBrought, toLandedLine } from "./landed-line.ts";
import { packGraph } from "./packed-graph.ts";
import { type Chunk, planChunks } from "./plan-chunks.ts";
import { listIds, readChunk } from "./read-chunk.ts";
import { readLinePolicies } from "./read-line-policies.ts";
import { withImpact } from "./with-impact.ts";

/**
 * Everything that landed between two commits of a branch, oldest first, each change judged by the gate's own evaluation under the policy that
 * was in force when it landed. Reads the history in chunks: memory holds ids, trees and parents of all of it, packed, and the rest of one chunk.
 */
export async function readLanded(request: LandedRequest): Promise<LandedHistory> {
  const context = await readContext(request);
  return {
    changes: readChanges(context),
    count: context.line.length,
    statements: context.statements,
    ledgerProblems: context.inclusions.problems,
    ledgerNotes: context.inclusions.notes,
    openOverrides: context.openOverrides,
    evidenceProblems: context.statements.problems,
  };
}

async function readContext(request: LandedRequest): Promise<LandedContext> {
  const { repository, base, head, target } = request;
  const exclude = base === null ? [] : [base];
  const graph = await packGraph(streamCommitTrees(repository, { include: [head], exclude }));
  const line = toLandedLine(graph, head);
  const own = await readRef(repository, EVIDENCE_REF);
  const tips = [...(own === undefined ? [] : [own]), ...request.evidence];
  const policies = await readLinePolicies(repository, line);
  const newest = (await readPolicyAt(repository, { commit: head, path: POLICY_PATH }, target)).policy;
  const inForce = [...new Set([...policies.map(({ policy }) => policy), newest])];
  const inclusions = await readInclusions(
    repository,
    request.ledgerDir,
    inForce.filter((policy) => policy !== null),
  );
  const [statements, pushes, recordRefs, branches] = await Promise.all([
    readStatements(repository, tips, () => true, inclusions.envelopes),
    readPushHistory(repository),
    listRefs(repository, RECORDING_REFS),
    listRefs(repository, ["refs/heads", "refs/remotes"]),
  ]);
  const index = indexReviews(statements.reviews);
  const named = [
    ...statements.reviews.flatMap(({ predicate }) => [predicate.change.head, predicate.change.mergeBase]),
    ...pushes.records.map((record) => record.new),
    ...branches.map((ref) => ref.id),
  ];
  const available = await readAvailable(repository, named);
  const sources = await findSources(
    repository,
    [...available.keys()].filter((id) => !graph.has(id)),
    head,
  );
  const asked = { request, policy: newest, statements, available };
  const logged = newest === null ? NO_LEDGER : inclusions.of(newest);
  const overridesAt = (tip: ObjectId) => readOverrides(asked, tip, logged);
  return {
    request,
    repository,
    graph,
    line,
    policies,
    inclusions,
    statements,
    index,
    pushes,
    pushedAt: toPushTimes(pushes.records, target),
    recordSources: toRecordSources(recordRefs),
    available,
    sources,
    besideOf: createBesideOf(sources.graph),
    spans: findSpans(line, target, index, pushes.records),
    openOverrides: await overridesAt(head),
    overridesBefore: new Set((base === null ? [] : await overridesAt(base)).map(toLandedKey)),
    landedAs: new Map(),
  };
}

/** The earliest push that made the target this: pushing it again is no second landing. */
function toPushTimes(records: readonly PushRecord[], target: string): LandedContext["pushedAt"] {
  const times = new Map<ObjectId, number>();
  for (const { ref, new: head, at } of records)
    if (ref === target) times.set(head, Math.min(at, times.get(head) ?? at));
  return (head) => times.get(head) ?? null;
}

async function readAvailable(
  repository: Repository,
  named: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, ObjectId>> {
  const here = [
    ...(await filterCommits(
      repository,
      [...new Set(named)].filter((id) => !/^0+$/.test(id)),
    )),
  ];
  const trees = await readCommitTrees(repository, here);
  return new Map(trees.map(({ id, tree }) => [id, tree]));
}

interface OverrideQuestion {
  readonly request: LandedRequest;
  readonly policy: Policy | null;
  readonly statements: Statements;
  readonly available: ReadonlyMap<ObjectId, ObjectId>;
}

/** By the policy on the tip: whether a review that must follow is still missing is asked now. */
async function readOverrides(
  { request, policy, statements: { reviews }, available }: OverrideQuestion,
  base: ObjectId,
  inclusion: Inclusion,
): Promise<readonly OpenOverride[]> {
  const { repository, target, now } = request;
  if (policy === null || !reviews.some(({ predicate }) => predicate.decision === "override")) return [];
  return await findOpenOverrides({
    repository,
    policy,
    target,
    base,
    reviews: await withLoggedTimes(reviews, inclusion),
    available: new Set(available.keys()),
    evaluatedAt: now,
  });
}

async function* readChanges(
  context: LandedContext,
): AsyncGenerator<readonly LandedChange[], void, undefined> {
  for (const chunk of planChunks(context.line, context.policies, context.spans)) {
    const changes =
      chunk.policy === null || chunk.base === null
        ? await readUnjudged(context, chunk)
        : await judgeAll(context, { ...chunk, policy: chunk.policy, base: chunk.base });
    yield context.request.isImpactRead === true ? await withImpact(context.repository, changes) : changes;
  }
}

async function judgeAll(
  context: LandedContext,
  chunk: { readonly links: readonly CommitLink[]; readonly base: ObjectId; readonly policy: Policy },
): Promise<readonly LandedChange[]> {
  const [base] = await readCommitTrees(context.repository, [chunk.base]);
  if (base === undefined) throw new RangeError("readCommitTrees answers every id");
  const { facts, landings } = await readChunk(context, { ...chunk, base });
  const changes: LandedChange[] = [];
  for (const landing of landings)
    changes.push(await judgeLanding(facts, landing, listIds(context, landing.base.id, landing.head.id)));
  return changes;
}

/** Asks nothing, but the built-in classes still say what a path is. */
const ASKS_NOTHING = parsePolicy(
  "version: 1\nsignalled: allow\nunknown: allow\nunknownAuthor: allow\n",
  "none",
);

/** What nobody can judge is told of all the same. */
async function readUnjudged(context: LandedContext, chunk: Chunk): Promise<readonly LandedChange[]> {
  const { repository, request, recordSources, line } = context;
  const last = chunk.links.at(-1);
  const exclude = [
    ...(chunk.base === null ? [] : [chunk.base]),
    ...(request.base === null ? [] : [request.base]),
  ];
  const gathered = await gatherCommits(
    {
      repository,
      policy: ASKS_NOTHING,
      branchNames: [],
      amendments: new Map(),
      viaSignOff: false,
      recordSources,
      areLinesCounted: true,
    },
    { include: last === undefined ? [] : [last.id], exclude },
    [],
  );
  const places = new Map(gathered.commits.map((commit, at) => [commit.id, at]));
  return chunk.links.map((link) => {
    const ids = listBrought(line, link.id)
      .flatMap((id) => places.get(id) ?? [])
      .sort((a, b) => a - b);
    const commits = ids.flatMap((at) => gathered.commits[at] ?? []);
    return {
      base: link.parents[0] ?? null,
      head: link.id,
      signedHead: null,
      commits,
      files: commits.flatMap((commit) => commit.files),
      recorded: new Map(commits.flatMap(({ id }) => toEntry(id, gathered.recorded.get(id)))),
      impact: null,
      policy: null,
      unjudged: chunk.unjudged,
      evaluatedAt: request.judgedAt({ head: link.id, statements: [], pushedAt: context.pushedAt(link.id) }),
      pushedAt: context.pushedAt(link.id),
      evaluation: null,
      statements: [],
    };
  });
}

function toEntry<T>(id: ObjectId, value: T | undefined): readonly (readonly [ObjectId, T])[] {
  return value === undefined ? [] : [[id, value]];
}
