// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "@countersign/core/attestation";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import {
  type CommitLink,
  diffTrees,
  listCommitTrees,
  mergeTrees,
  type Repository,
  readChanges,
} from "@countersign/git";

/** Commits of the target that are re-merged to learn whether one of them landed a sign-off; beyond, nobody can tell. */
const MOST_POSITIONS = 1024;

/**
 * Why a sign-off is used up: the target, between the signed merge base and its tip, once became exactly what Git makes of
 * the signed head. Whoever reverted it had a reason, so bringing it back is a new change (T32, T49). Undefined where
 * it never landed. Only commits that touch a signed path can be a landing, so a busy target costs one walk and no merge.
 */
export async function findEarlierLanding(
  repository: Repository,
  signed: CodeReviewPredicate["change"],
  base: ObjectId,
): Promise<string | undefined> {
  if (signed.mergeBase === base) return undefined;
  const range = { include: [base], exclude: [signed.mergeBase], firstParent: true };
  const paths = new Set(
    (await diffTrees(repository, signed.mergeBaseTree, signed.headTree)).map((change) => change.path),
  );
  const touching = await findTouching(repository, range, paths);
  if (touching.size === 0) return undefined;
  if (touching.size > MOST_POSITIONS)
    return `the target changed the same files ${touching.size} times since; whether this landed before cannot be told`;
  const chain = [...(await listCommitTrees(repository, range))].reverse();
  const landed = await findLanding(repository, signed.head, chain, touching);
  return (
    landed &&
    `what was signed has landed already, as ${landed.slice(0, 12)}; bringing it back is a new change and needs a new sign-off`
  );
}

type Range = {
  readonly include: readonly ObjectId[];
  readonly exclude: readonly ObjectId[];
  readonly firstParent: boolean;
};

async function findTouching(
  repository: Repository,
  range: Range,
  paths: ReadonlySet<RepoPath>,
): Promise<ReadonlySet<ObjectId>> {
  const touching = new Set<ObjectId>();
  for await (const { id, changes } of readChanges(repository, range)) {
    if (changes.some((change) => paths.has(change.path))) touching.add(id);
  }
  return touching;
}

/** First commit of the chain (oldest first) whose tree is a merge of the head onto a position at or before its parent. */
async function findLanding(
  repository: Repository,
  head: ObjectId,
  chain: readonly CommitLink[],
  touching: ReadonlySet<ObjectId>,
): Promise<ObjectId | undefined> {
  const starts = chain.flatMap((link, at) => {
    const ours = link.parents[0];
    return touching.has(link.id) && ours !== undefined ? [{ at, ours }] : [];
  });
  const results = await mergeTrees(
    repository,
    starts.map(({ ours }) => ({ ours, theirs: head })),
  );
  for (const [i, { at }] of starts.entries()) {
    const tree = results[i]?.isClean === true ? results[i]?.tree : undefined;
    if (tree === undefined || tree === chain[at - 1]?.tree) continue;
    const landed = chain.slice(at).find((link) => link.tree === tree);
    if (landed !== undefined) return landed.id;
  }
  return undefined;
}
