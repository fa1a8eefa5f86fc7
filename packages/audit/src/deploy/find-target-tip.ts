// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import { isAncestor, listRemotes, type Repository, readRef } from "@countersign/git";

/**
 * Tip of the branch from which is deployed: this repository's own, or in a pipeline's clone, which often has none, the one that
 * was fetched. Of several the one that has the commit.
 */
export async function findTargetTip(
  repository: Repository,
  target: RefName,
  commit: ObjectId | null,
): Promise<ObjectId | undefined> {
  const branch = target.replace(/^refs\/heads\//, "");
  const remotes = await listRemotes(repository);
  const refs = [target, ...remotes.map((remote) => `refs/remotes/${remote}/${branch}`)];
  const tips = (await Promise.all(refs.map((ref) => readRef(repository, ref)))).filter(
    (id) => id !== undefined,
  );
  if (commit !== null)
    for (const tip of tips) if (tip === commit || (await isAncestor(repository, commit, tip))) return tip;
  return tips[0];
}
