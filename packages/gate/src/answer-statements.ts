// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "@countersign/core/attestation";
import type { ObjectId, Sha256 } from "@countersign/core/ids";
import {
  type CommitTree,
  type CoveredChange,
  type CoverResult,
  coverChange,
  findPrincipalByKey,
  type Policy,
  type SignedHistory,
  type SignOffAnswer,
} from "@countersign/core/policy";
import { diffTrees, listCommitTrees, type MergeResult, mergeTrees, type Repository } from "@countersign/git";
import { classifyChanges } from "./classify-changes.ts";
import { digestContent } from "./digest-content.ts";
import { findEarlierLanding } from "./find-earlier-landing.ts";
import type { VerifiedReview } from "./read-statements.ts";

/** More heads than this are not re-merged for one change; the newest by their own dates are tried. Those left out do not count, which is the strict side. */
export const MOST_REMERGES = 256;

type SignedChange = CodeReviewPredicate["change"];

export interface AnswerRequest {
  readonly repository: Repository;
  readonly policy: Policy;
  readonly change: CoveredChange;
  readonly reviews: readonly VerifiedReview[];
  /** Signed heads and merge bases that exist here. */
  readonly available: ReadonlySet<ObjectId>;
  /** Tip of the target that the change lands on; null where nothing landed on it before. */
  readonly base: ObjectId | null;
}

/** Compares every review with the change, recomputing with Git what it takes to tell. */
export async function answerStatements(request: AnswerRequest): Promise<readonly SignOffAnswer[]> {
  const remerges = await remergeHeads(request);
  return await Promise.all(
    request.reviews.map(async (review) => {
      const signed = review.predicate.change;
      const history = await readHistory(request, signed, remerges.get(signed.head));
      const result = await withoutUsedUp(request, review, coverChange(request.change, signed, history));
      const baseClasses = result.cover === "carried" ? await classifyBase(request, signed) : [];
      return { ...review, ...result, baseClasses };
    }),
  );
}

/** A sign-off holds for one landing; a rejection holds until it is taken back. */
async function withoutUsedUp(
  { repository, available, base }: AnswerRequest,
  { predicate }: VerifiedReview,
  result: CoverResult,
): Promise<CoverResult> {
  const { change: signed, decision } = predicate;
  const isGrant = decision === "approve" || decision === "override";
  if (result.cover === "none" || !isGrant || base === null) return result;
  if (!available.has(signed.head) || !available.has(signed.mergeBase)) return result;
  const landed = await findEarlierLanding(repository, signed, base);
  return landed === undefined ? result : { cover: "none", coverReason: landed, covers: new Set() };
}

/** Signed heads on another base that are more than are ever recomputed: their sign-offs do not count, and somebody must be told. */
export function countUncompared(request: AnswerRequest): number {
  return Math.max(0, listCandidateHeads(request).length - MOST_REMERGES);
}

async function remergeHeads(request: AnswerRequest): Promise<ReadonlyMap<ObjectId, MergeResult>> {
  const { repository, change } = request;
  const heads = listCandidateHeads(request).slice(0, MOST_REMERGES);
  const results = await mergeTrees(
    repository,
    heads.map((theirs) => ({ ours: change.record.mergeBase, theirs })),
  );
  return new Map(heads.flatMap((head, i) => (results[i] === undefined ? [] : [[head, results[i]] as const])));
}

/** Newest first. Statements of keys that nobody knows count for nothing, and must not crowd out others. */
function listCandidateHeads({ policy, change, reviews, available }: AnswerRequest): readonly ObjectId[] {
  const isCandidate = ({ publicKey, predicate: { change: signed } }: VerifiedReview): boolean =>
    findPrincipalByKey(policy, publicKey) !== undefined &&
    signed.mergeBase !== change.record.mergeBase &&
    signed.target === change.record.target &&
    signed.policyDigest === change.record.policyDigest &&
    available.has(signed.head);
  const newestFirst = reviews
    .filter(isCandidate)
    .sort((a, b) => (a.predicate.issuedAt < b.predicate.issuedAt ? 1 : -1));
  return [...new Set(newestFirst.map((review) => review.predicate.change.head))];
}

/** Reads the signed series only where it can matter: where the trees already say yes for another head. */
async function readHistory(
  request: AnswerRequest,
  signed: SignedChange,
  remerge: MergeResult | undefined,
): Promise<SignedHistory> {
  const { repository, change, available } = request;
  const isExact = signed.mergeBase === change.record.mergeBase && signed.headTree === change.record.headTree;
  const isRemerged = remerge?.isClean === true && remerge.tree === change.record.headTree;
  const none = { contentDigest: undefined, commits: undefined, remerge, remergedTrees: new Set<ObjectId>() };
  if ((!isExact && !isRemerged) || signed.head === change.head || !available.has(signed.head)) return none;
  const commits = await listCommitTrees(repository, { include: [signed.head], exclude: [signed.mergeBase] });
  if (isExact) return { ...none, commits };
  const contentDigest = await digestSigned(request, signed);
  return { contentDigest, commits, remerge, remergedTrees: await remergeSeries(request, commits) };
}

/** What the signed change contains now; a signed base that is not here leaves it unknown, and unknown never carries. */
async function digestSigned(
  { repository, available }: AnswerRequest,
  signed: SignedChange,
): Promise<Sha256 | undefined> {
  if (!available.has(signed.mergeBase)) return undefined;
  return await digestContent(repository, await diffTrees(repository, signed.mergeBase, signed.head));
}

/** A rebased series of several commits: each signed commit merged onto the new base gives the tree of its successor. */
async function remergeSeries(
  { repository, change }: AnswerRequest,
  commits: readonly CommitTree[],
): Promise<ReadonlySet<ObjectId>> {
  const known = new Set(commits.map((commit) => commit.id));
  const isRebased =
    change.commits.filter((commit) => !known.has(commit.id) && !change.computedMerges.has(commit.id)).length >
    1;
  if (!isRebased) return new Set();
  const pairs = commits
    .slice(0, MOST_REMERGES)
    .map((commit) => ({ ours: change.record.mergeBase, theirs: commit.id }));
  const results = await mergeTrees(repository, pairs);
  return new Set(
    results.flatMap((result) => (result.isClean && result.tree !== undefined ? [result.tree] : [])),
  );
}

/** Classes that the target touched between the signed base and the new one, for `carryOver: unless` (T24). */
async function classifyBase(
  { repository, policy, change, available }: AnswerRequest,
  signed: SignedChange,
): Promise<readonly string[]> {
  // Without the signed base nobody can say what moved: every class counts as touched.
  if (!available.has(signed.mergeBase)) return [...policy.classes.keys()].sort();
  const changes = await diffTrees(repository, signed.mergeBase, change.record.mergeBase);
  const files = [...(await classifyChanges(repository, policy, changes)).values()];
  return [...new Set(files.flatMap((file) => file.classes))].sort();
}
