// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "../attestation/code-review-v0.1.ts";
import type { ObjectId, Sha256 } from "../ids/index.ts";
import type { ChangeRecord } from "./change.ts";
import type { Cover } from "./sign-off-answer.ts";

export interface CommitTree {
  readonly id: ObjectId;
  readonly tree: ObjectId;
}

/** The change under evaluation, as far as coverage needs it. */
export interface CoveredChange {
  readonly record: ChangeRecord;
  readonly head: ObjectId;
  readonly commits: readonly CommitTree[];
  /** Two-parent merges that are exactly what Git computes: they add nothing of their own. */
  readonly computedMerges: ReadonlySet<ObjectId>;
  /** This change is what a door is about to put on the target, so a computed result is a landing, not a carry-over. */
  readonly isLanding: boolean;
  /** First parent first; for recognising a merge commit that lands a signed head. */
  readonly headParents: readonly ObjectId[];
}

/** What Git says about a signed head. */
export interface SignedHistory {
  /** Content digest of the signed change as its objects read here and now; undefined where it was not computed. */
  readonly contentDigest: Sha256 | undefined;
  /** Commits between the signed merge base and the signed head; undefined where they are not in this repository. */
  readonly commits: readonly CommitTree[] | undefined;
  /** Merge of the signed head onto the change's merge base; undefined where it was not or could not be computed. */
  readonly remerge: { readonly isClean: boolean; readonly tree: ObjectId | undefined } | undefined;
  /** Trees of each signed commit merged onto the change's merge base, for rebased series. */
  readonly remergedTrees: ReadonlySet<ObjectId>;
}

export interface CoverResult {
  readonly cover: Cover;
  readonly coverReason: string;
  readonly covers: "all" | ReadonlySet<ObjectId>;
}

/**
 * Whether a statement about one change reaches another. Bound to trees: not to time (T21) and not to patch ids
 * (T22, T23). Exactly three ways lead to yes, and each is recomputed from Git objects here and now.
 */
export function coverChange(
  change: CoveredChange,
  signed: CodeReviewPredicate["change"],
  history: SignedHistory,
): CoverResult {
  const fault = findContextFault(change.record, signed);
  if (fault !== undefined) return { cover: "none", coverReason: fault, covers: new Set() };
  const isSameBase = signed.mergeBase === change.record.mergeBase;
  if (isSameBase && signed.mergeBaseTree !== change.record.mergeBaseTree) {
    return {
      cover: "none",
      coverReason: "the statement names a tree that its merge base does not have",
      covers: new Set(),
    };
  }
  if (isSameBase && signed.headTree === change.record.headTree) {
    return signed.contentDigest === change.record.contentDigest
      ? coverExactly(change, signed, history)
      : COLLISION;
  }
  const tree = history.remerge?.tree;
  if (history.remerge?.isClean === true && tree === change.record.headTree && !isSameBase) {
    return history.contentDigest === signed.contentDigest
      ? coverRemerged(change, signed, history)
      : COLLISION;
  }
  return { cover: "none", coverReason: explainMiss(change, signed, history, isSameBase), covers: new Set() };
}

/** Equal ids over unequal bytes: somebody broke SHA-1, and the signed SHA-256 says so (T63). */
const COLLISION: CoverResult = {
  cover: "none",
  coverReason:
    "the content behind the ids differs from what was signed, although the ids are equal; treat this repository as compromised",
  covers: new Set(),
};

/** A statement for another place or another policy never counts here (T30, T32). */
function findContextFault(record: ChangeRecord, signed: CodeReviewPredicate["change"]): string | undefined {
  if (signed.repository !== record.repository) {
    return `signed for the repository ${signed.repository || "(unnamed)"}, this one is ${record.repository || "(unnamed)"}`;
  }
  if (signed.target !== record.target)
    return `signed for ${signed.target}, this change goes to ${record.target}`;
  if (signed.objectFormat !== record.objectFormat)
    return `signed over ${signed.objectFormat} ids, this repository uses ${record.objectFormat}`;
  if (signed.policyDigest !== record.policyDigest) {
    return `signed under policy ${signed.policyDigest.slice(0, 12)}, the target now has ${record.policyDigest.slice(0, 12)}; sign again`;
  }
  return undefined;
}

function coverExactly(
  change: CoveredChange,
  signed: CodeReviewPredicate["change"],
  history: SignedHistory,
): CoverResult {
  if (signed.head === change.head)
    return { cover: "exact", coverReason: "signed for exactly this change", covers: "all" };
  const covers = toCoveredCommits(change, history, signed.headTree);
  return {
    cover: "exact",
    coverReason: `signed for the same base and tree as ${short(signed.head)}`,
    covers,
  };
}

function coverRemerged(
  change: CoveredChange,
  signed: CodeReviewPredicate["change"],
  history: SignedHistory,
): CoverResult {
  const isMergeOfSigned = change.headParents.length === 2 && change.headParents[1] === signed.head;
  const isLanded = change.isLanding || isMergeOfSigned;
  const what = `Git merges the signed head ${short(signed.head)} onto ${short(change.record.mergeBase)} to exactly this tree`;
  return {
    cover: isLanded ? "landed" : "carried",
    coverReason: isLanded ? `landed: ${what}` : `carried over: ${what}`,
    covers: toCoveredCommits(change, history, change.record.headTree),
  };
}

/** A commit is vouched for if it was signed, has a signed (or cleanly re-merged) tree, or is a merge that adds nothing. */
function toCoveredCommits(
  change: CoveredChange,
  history: SignedHistory,
  finalTree: ObjectId,
): ReadonlySet<ObjectId> {
  const ids = new Set((history.commits ?? []).map((commit) => commit.id));
  const trees = new Set([
    finalTree,
    ...(history.commits ?? []).map((commit) => commit.tree),
    ...history.remergedTrees,
  ]);
  const covered = change.commits.filter(
    (commit) => ids.has(commit.id) || trees.has(commit.tree) || change.computedMerges.has(commit.id),
  );
  return new Set(covered.map((commit) => commit.id));
}

function explainMiss(
  change: CoveredChange,
  signed: CodeReviewPredicate["change"],
  history: SignedHistory,
  isSameBase: boolean,
): string {
  const trees = `signed tree ${short(signed.headTree)}, this change's is ${short(change.record.headTree)}`;
  if (isSameBase) return `the content changed after signing: ${trees}`;
  const onto = `the signed head ${short(signed.head)} merged onto ${short(change.record.mergeBase)}`;
  if (history.remerge === undefined)
    return `signed on another base, and the signed head ${short(signed.head)} is not here to re-merge: ${trees}`;
  if (history.remerge.tree === undefined) return `${onto} shares no history`;
  if (!history.remerge.isClean) return `${onto} conflicts; a hand-made resolution needs a new sign-off`;
  return `${onto} gives another tree than this change's: the content changed after signing`;
}

function short(id: ObjectId): string {
  return id.slice(0, 12);
}
