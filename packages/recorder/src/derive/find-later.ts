// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { listCommitTrees, type Repository } from "@countersign/git";

export interface LoanPair {
  readonly commit: ObjectId;
  readonly lender: ObjectId;
}

export function toPairKey({ commit, lender }: LoanPair): string {
  return `${commit} ${lender}`;
}

/** A process each; more are not asked. */
const MOST_LENDERS = 256;

/**
 * Of which pairs the lender came later, being made on top of the commit. What is on no lender's way back, which is nearly everything
 * where a squash left its branch behind, is told by one process for all; only for the rest each lender is asked by itself.
 */
export async function findLater(
  repo: Repository,
  pairs: readonly LoanPair[],
): Promise<ReadonlyMap<string, "later" | "unasked">> {
  const commits = [...new Set(pairs.map(({ commit }) => commit))];
  const lenders = [...new Set(pairs.map(({ lender }) => lender))];
  const suspects = await listReached(repo, commits, lenders);
  const byLender = new Map<ObjectId, Set<ObjectId>>();
  for (const { commit, lender } of pairs) {
    if (!suspects.has(commit)) continue;
    const own = byLender.get(lender) ?? new Set();
    byLender.set(lender, own.add(commit));
  }
  const answers = new Map<string, "later" | "unasked">();
  for (const [at, [lender, own]] of [...byLender].entries()) {
    const reached = at < MOST_LENDERS ? await listReached(repo, [...own], [lender]) : undefined;
    for (const commit of own)
      if (reached === undefined) answers.set(toPairKey({ commit, lender }), "unasked");
      else if (reached.has(commit)) answers.set(toPairKey({ commit, lender }), "later");
  }
  return answers;
}

/** Those of the commits that one of the tips is made on top of, or is. */
async function listReached(
  repo: Repository,
  commits: readonly ObjectId[],
  tips: readonly ObjectId[],
): Promise<ReadonlySet<ObjectId>> {
  if (commits.length === 0 || tips.length === 0) return new Set();
  const beside = await listCommitTrees(repo, { include: commits, exclude: tips });
  const isBeside = new Set(beside.map(({ id }) => id));
  return new Set(commits.filter((id) => !isBeside.has(id)));
}
