// SPDX-License-Identifier: Apache-2.0
import { parseInstant } from "@countersign/core/attestation";
import type { ObjectId, RefName } from "@countersign/core/ids";
import {
  findPrincipalByKey,
  judgeSignOffs,
  type OpenOverride,
  type Person,
  type Policy,
  type SignOffAnswer,
} from "@countersign/core/policy";
import { isAncestor, listCommitTrees, type Repository } from "@countersign/git";
import { toRecordSources } from "@countersign/recorder";
import { findEarlierLanding } from "./find-earlier-landing.ts";
import { findLandedAlike } from "./find-landed-alike.ts";
import { type CommitRange, gatherCommits } from "./gather-commits.ts";
import type { VerifiedReview } from "./read-statements.ts";
import { toContributors } from "./to-contributors.ts";

export interface OverrideRequest {
  readonly repository: Repository;
  readonly policy: Policy;
  readonly target: RefName;
  /** Tip of the target: what has landed is what it contains. */
  readonly base: ObjectId;
  readonly reviews: readonly VerifiedReview[];
  readonly available: ReadonlySet<ObjectId>;
  /** Seconds since the epoch. */
  readonly evaluatedAt: number;
}

interface Used {
  readonly review: VerifiedReview;
  readonly principals: readonly string[];
}

/** Break-glass changes that landed and that nobody else approved since. */
export async function findOpenOverrides(request: OverrideRequest): Promise<readonly OpenOverride[]> {
  const postReview = request.policy.breakGlass?.postReview;
  if (postReview === undefined) return [];
  const open: OpenOverride[] = [];
  for (const used of groupOverrides(request)) {
    const { head, mergeBase } = used.review.predicate.change;
    const landed = await findLanded(request, used.review);
    if (landed === undefined || (await isReviewed(request, used, landed))) continue;
    const { issuedAt } = used.review.predicate;
    open.push({
      head,
      mergeBase,
      principals: used.principals,
      issuedAt,
      dueAt: parseInstant(issuedAt) + postReview,
      ...(request.available.has(head) ? {} : { isHeadMissing: true }),
    });
  }
  return open;
}

/** One entry per change, at its earliest override: signing again must not move the date at which a review is due. */
function groupOverrides({ policy, target, reviews, available }: OverrideRequest): readonly Used[] {
  const groups = new Map<string, Used>();
  for (const review of reviews) {
    const { decision, change, issuedAt } = review.predicate;
    const signer = findPrincipalByKey(policy, review.publicKey)?.person;
    const isOurs =
      decision === "override" && change.target === target && change.repository === policy.repository;
    if (!isOurs || !mayBreakGlass(policy, signer)) continue;
    if (!available.has(change.mergeBase)) continue;
    const key = toKey(review);
    const known = groups.get(key);
    const principals = [...new Set([...(known?.principals ?? []), signer.id])].sort();
    const earliest =
      known !== undefined && known.review.predicate.issuedAt <= issuedAt ? known.review : review;
    groups.set(key, { review: earliest, principals });
  }
  return [...groups.values()];
}

function toKey({ predicate: { change } }: Pick<VerifiedReview, "predicate">): string {
  return `${change.mergeBase}:${change.headTree}`;
}

/** Whose override can ever have opened anything; when the role began and ended plays no part, so that no debt ends with it. */
function mayBreakGlass(policy: Policy, person: Person | undefined): person is Person {
  if (person?.kind !== "human" || policy.breakGlass === null) return false;
  const members = policy.roles.get(policy.breakGlass.role)?.members ?? [];
  return policy.enforcement === "soft" || members.some((member) => member.person === person.id);
}

/** Commits that landed it, as it was signed or as whatever Git makes of it: a merge, a squash, a queue's commit; undefined where none did. */
async function findLanded(
  request: OverrideRequest,
  { predicate: { change } }: VerifiedReview,
): Promise<CommitRange | undefined> {
  const { repository, base, available } = request;
  if (!available.has(change.head)) return await findLandedAlike(repository, change, base);
  const signed = { include: [change.head], exclude: [change.mergeBase] };
  if (change.head === base || (await isAncestor(repository, change.head, base))) return signed;
  const since = await listCommitTrees(repository, { include: [base], exclude: [change.mergeBase] });
  if (since.some((commit) => commit.tree === change.headTree)) return signed;
  return (await findEarlierLanding(repository, change, base)) === undefined ? undefined : signed;
}

/** Reviewed: approved by a human who neither broke the glass nor wrote the change, and who did not take it back. */
async function isReviewed(request: OverrideRequest, used: Used, landed: CommitRange): Promise<boolean> {
  const { repository, policy, reviews, evaluatedAt } = request;
  const related = reviews.filter(
    ({ predicate }) => predicate.revokes.length > 0 || toKey({ predicate }) === toKey(used.review),
  );
  if (!related.some((review) => review.predicate.decision === "approve")) return false;
  // Only who wrote it matters here, not with which tool.
  const recordSources = toRecordSources([]);
  const context = {
    repository,
    policy,
    branchNames: [],
    amendments: new Map(),
    viaSignOff: false,
    recordSources,
  };
  const { commits, computedMerges } = await gatherCommits(context, landed, []);
  const contributors = toContributors(commits, computedMerges);
  return judgeSignOffs(policy, { contributors }, related.map(toAnswer), evaluatedAt).some(
    ({ answer, person, isValid }) =>
      isValid &&
      person !== null &&
      answer.predicate.decision === "approve" &&
      toKey(answer) === toKey(used.review) &&
      !used.principals.includes(person.id),
  );
}

/** A review that took place took place, so its own expiry plays no part; its signer's key and word do. */
function toAnswer(review: VerifiedReview): SignOffAnswer {
  const predicate = { ...review.predicate, expiresAt: null };
  return { ...review, predicate, cover: "exact", coverReason: "", covers: "all", baseClasses: [] };
}
