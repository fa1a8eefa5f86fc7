// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { CommitTree, Landing } from "@countersign/core/policy";
import { type MergePair, type MergeResult, mergeTrees, type Repository } from "@countersign/git";

/** What Git makes of heads on positions, computed for many pairs in one process. */
export interface MergeTable {
  readonly add: (pairs: readonly MergePair[]) => Promise<void>;
  readonly get: (position: ObjectId, head: ObjectId) => MergeResult | undefined;
  /** Heads that were tried on this position. */
  readonly headsAt: (position: ObjectId) => Iterable<ObjectId>;
  /** Heads whose merge onto the landing's base, or onto the commit's own parent, is exactly the commit's tree. */
  readonly sameAs: (
    landing: Landing,
    commit: CommitTree & { readonly parents: readonly ObjectId[] },
  ) => readonly ObjectId[];
}

/** `treeOf`: tree of a position, so that a head that adds nothing there is no source of anything. */
export function createMergeTable(
  repository: Repository,
  treeOf: (position: ObjectId) => ObjectId | undefined,
): MergeTable {
  const byPosition = new Map<ObjectId, Map<ObjectId, MergeResult>>();
  const get = (position: ObjectId, head: ObjectId) => byPosition.get(position)?.get(head);
  return {
    get,
    headsAt: (position) => byPosition.get(position)?.keys() ?? [],
    add: async (pairs) => {
      const open = pairs.filter(({ ours, theirs }) => get(ours, theirs) === undefined);
      const results = await mergeTrees(repository, open);
      for (const [i, { ours, theirs }] of open.entries()) {
        const row = byPosition.get(ours) ?? new Map<ObjectId, MergeResult>();
        const result = results[i];
        if (result !== undefined) row.set(theirs, result);
        byPosition.set(ours, row);
      }
    },
    sameAs: (landing, commit) => {
      const positions = [...new Set([landing.base.id, ...commit.parents.slice(0, 1)])];
      const heads = positions.flatMap((position) =>
        [...(byPosition.get(position) ?? [])].flatMap(([head, { isClean, tree }]) =>
          isClean && tree === commit.tree && tree !== treeOf(position) ? [head] : [],
        ),
      );
      return [...new Set(heads)];
    },
  };
}
