// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { ChainLink } from "@countersign/core/policy";
import { listCommitTrees, mergeBases, type Repository, readCommitTrees } from "@countersign/git";

export interface History {
  readonly base: ChainLink;
  readonly head: ChainLink;
  /** Undefined for unrelated histories. */
  readonly mergeBase: ChainLink | undefined;
  /** First-parent chain after the base up to the head, oldest first; empty where it does not lead back to the base. */
  readonly chain: readonly ChainLink[];
}

/** Why history cannot be trusted to be whole here, which no gate may pass over (T39). */
export function findHistoryProblem(repository: Repository): string | undefined {
  if (!repository.isShallow) return undefined;
  return (
    "this is a shallow clone: commits that matter may be cut off, so the gate cannot tell. " +
    "Fetch the whole history: git fetch --unshallow (GitHub: actions/checkout with fetch-depth: 0; GitLab: GIT_DEPTH: 0)"
  );
}

export async function readHistory(
  repository: Repository,
  baseId: ObjectId,
  headId: ObjectId,
): Promise<History> {
  // Asked side by side, since a small gate mostly waits for processes; a chain that reaches the base names the merge base.
  const [bases, chain, [base, head]] = await Promise.all([
    mergeBases(repository, baseId, headId),
    readChain(repository, baseId, headId),
    readCommitTrees(repository, [baseId, headId]),
  ]);
  if (base === undefined || head === undefined) throw new RangeError("readCommitTrees answers every id");
  // Several merge bases (a criss-cross history) are all equally right; the smallest id is one that any clone picks.
  const mergeBaseId = [...bases].sort()[0];
  const known = [base, head].find((link) => link.id === mergeBaseId);
  const [mergeBase] =
    mergeBaseId === undefined || known !== undefined
      ? [known]
      : await readCommitTrees(repository, [mergeBaseId]);
  return { base, head, mergeBase, chain };
}

async function readChain(
  repository: Repository,
  base: ObjectId,
  head: ObjectId,
): Promise<readonly ChainLink[]> {
  const links = await listCommitTrees(repository, { include: [head], exclude: [base], firstParent: true });
  const oldest = links.at(-1);
  return oldest !== undefined && oldest.parents[0] === base ? [...links].reverse() : [];
}
