// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "@countersign/core/attestation";
import type { ObjectId } from "@countersign/core/ids";
import {
  type ChangeRecord,
  type CommitTree,
  type CoveredChange,
  type CoverResult,
  coverChange,
  type Landing,
  type SignedHistory,
  type SignOffAnswer,
} from "@countersign/core/policy";
import { mergeTrees } from "@countersign/git";
import { findEarlierLanding } from "../find-earlier-landing.ts";
import type { GatheredCommits } from "../gather-commits.ts";
import type { VerifiedReview } from "../read-statements.ts";
import type { ChunkFacts } from "./chunk-facts.ts";
import { reachableFrom } from "./commit-graph.ts";
import { findReviews } from "./index-reviews.ts";

type SignedChange = CodeReviewPredicate["change"];

interface Asked {
  readonly own: Pick<GatheredCommits, "commits" | "computedMerges">;
  readonly versions: readonly ObjectId[];
}

export async function answerLanding(
  chunk: ChunkFacts,
  landing: Landing,
  { own, versions }: Asked,
): Promise<{ readonly record: ChangeRecord; readonly answers: readonly SignOffAnswer[] }> {
  const record = toRecord(chunk, landing);
  const change: CoveredChange = {
    record,
    head: landing.head.id,
    commits: own.commits,
    computedMerges: own.computedMerges,
    isLanding: true,
    headParents: own.commits.find((commit) => commit.id === landing.head.id)?.parents ?? [],
  };
  const ids = own.commits.map((commit) => commit.id);
  const heads = [...ids, ...versions, ...(landing.signedHead === null ? [] : [landing.signedHead])];
  const reviews = findReviews(chunk.tools.index, { base: landing.base.id, tree: landing.head.tree, heads });
  const answers: SignOffAnswer[] = [];
  for (const review of reviews) answers.push(await answerReview(chunk, landing, change, review));
  noteLanded(chunk, landing, answers);
  return { record, answers: answers.filter((answer) => concerns(record, new Set(heads), answer)) };
}

function toRecord(
  { policy, target, repository, contentDigests }: ChunkFacts,
  landing: Landing,
): ChangeRecord {
  return {
    version: 1,
    repository: policy.repository,
    target,
    mergeBase: landing.base.id,
    mergeBaseTree: landing.base.tree,
    headTree: landing.head.tree,
    contentDigest: contentDigests.get(landing.head.id) ?? "",
    policyDigest: policy.digest,
    objectFormat: repository.objectFormat,
  };
}

async function answerReview(
  chunk: ChunkFacts,
  landing: Landing,
  change: CoveredChange,
  review: VerifiedReview,
): Promise<SignOffAnswer> {
  const signed = review.predicate.change;
  const history = await toHistory(chunk, landing, change, signed);
  const covered = coverChange(change, signed, history);
  const loggedAt = await chunk.inclusion.loggedAt(review.envelope);
  return { ...review, loggedAt, ...(await withoutUsedUp(chunk, landing, review, covered)), baseClasses: [] };
}

async function toHistory(
  chunk: ChunkFacts,
  landing: Landing,
  change: CoveredChange,
  signed: SignedChange,
): Promise<SignedHistory> {
  const { tools, beside } = chunk;
  const isExact = signed.mergeBase === change.record.mergeBase && signed.headTree === change.record.headTree;
  const remerge =
    signed.mergeBase === landing.base.id ? undefined : tools.merged(landing.base.id, signed.head);
  const isRemerged = remerge?.isClean === true && remerge.tree === landing.head.tree;
  const none = { contentDigest: undefined, commits: undefined, remerge, remergedTrees: new Set<ObjectId>() };
  if ((!isExact && !isRemerged) || signed.head === change.head || !tools.isHere(signed.head)) return none;
  const series = [...chunk.besideOf(signed.head)].flatMap((id) => beside.get(id) ?? []);
  const present = new Set(change.commits.map((commit) => commit.id));
  const reached = reachableFrom(chunk.graph, [signed.head], (id) => !present.has(id));
  const own = change.commits.filter((commit) => reached.has(commit.id));
  const commits: readonly CommitTree[] = [...series, ...own];
  if (isExact) return { ...none, commits };
  const remergedTrees = await remergeSeries(chunk, landing, change, commits);
  return { contentDigest: tools.signedDigest(signed), commits, remerge, remergedTrees };
}

/** A rebased series of several commits: each signed commit merged onto the new base gives the tree of its successor. */
async function remergeSeries(
  { repository }: ChunkFacts,
  landing: Landing,
  change: CoveredChange,
  commits: readonly CommitTree[],
): Promise<ReadonlySet<ObjectId>> {
  const known = new Set(commits.map((commit) => commit.id));
  const strangers = change.commits.filter(
    (commit) => !known.has(commit.id) && !change.computedMerges.has(commit.id),
  );
  if (strangers.length < 2) return new Set();
  const pairs = commits.map((commit) => ({ ours: landing.base.id, theirs: commit.id }));
  const results = await mergeTrees(repository, pairs);
  return new Set(
    results.flatMap((result) => (result.isClean && result.tree !== undefined ? [result.tree] : [])),
  );
}

/** A sign-off holds for one landing. What landed since the merge base is known here, unless it lies before the range. */
async function withoutUsedUp(
  { tools, repository }: ChunkFacts,
  landing: Landing,
  { predicate }: VerifiedReview,
  result: CoverResult,
): Promise<CoverResult> {
  const { change: signed, decision } = predicate;
  const isGrant = decision === "approve" || decision === "override";
  if (result.cover === "none" || !isGrant || signed.mergeBase === landing.base.id) return result;
  if (!tools.isHere(signed.head) || !tools.isHere(signed.mergeBase)) return result;
  const before = tools.landedAs.get(toLandedKey(signed));
  const landed =
    before === undefined && !tools.isWatched(signed.mergeBase)
      ? await findEarlierLanding(repository, signed, landing.base.id)
      : before &&
        `what was signed has landed already, as ${before.slice(0, 12)}; bringing it back is a new change and needs a new sign-off`;
  return landed === undefined ? result : { cover: "none", coverReason: landed, covers: new Set() };
}

export function toLandedKey({ mergeBase, head }: Pick<SignedChange, "mergeBase" | "head">): string {
  return `${mergeBase}:${head}`;
}

function noteLanded({ tools }: ChunkFacts, landing: Landing, answers: readonly SignOffAnswer[]): void {
  for (const { cover, predicate } of answers) {
    const key = toLandedKey(predicate.change);
    if (cover !== "none" && !tools.landedAs.has(key)) tools.landedAs.set(key, landing.head.id);
  }
}

/** Worth telling of, as the gate sees it. */
function concerns(record: ChangeRecord, related: ReadonlySet<ObjectId>, answer: SignOffAnswer): boolean {
  const { change: signed, decision, revokes } = answer.predicate;
  const isSameContent = signed.headTree === record.headTree || related.has(signed.head);
  const isSameFork = signed.mergeBase === record.mergeBase && signed.target === record.target;
  return (
    answer.cover !== "none" || isSameContent || isSameFork || (decision === "revoke" && revokes.length > 0)
  );
}
