// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { parseCommitMessage } from "@countersign/core/trailers";
import { type CommitRange, findCommits, type Repository, readCommitBatches } from "@countersign/git";

/** Commits of a range that say which ones they take back, by the commit that is taken back. */
export async function readReverts(
  repository: Repository,
  range: CommitRange,
): Promise<ReadonlyMap<ObjectId, readonly ObjectId[]>> {
  const found: { readonly by: ObjectId; readonly name: string }[] = [];
  for await (const commits of readCommitBatches(repository, range)) {
    for (const { id, message, author, committer } of commits) {
      if (!/revert/i.test(message)) continue;
      const { reverts } = parseCommitMessage({ message, author, committer });
      for (const name of reverts.slice(0, MOST_NAMES)) found.push({ by: id, name });
    }
  }
  if (found.length === 0) return new Map();
  const ids = await findCommits(repository, [...new Set(found.map(({ name }) => name))]);
  const reverts = new Map<ObjectId, ObjectId[]>();
  for (const { by, name } of found) {
    const id = ids.get(name);
    if (id !== undefined) reverts.set(id, [...(reverts.get(id) ?? []), by]);
  }
  return reverts;
}

/** No honest message names more. */
const MOST_NAMES = 100;
