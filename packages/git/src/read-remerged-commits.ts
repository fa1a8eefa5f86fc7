// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { diffTrees, readChanges } from "./read-changes.ts";
import { readCommits } from "./read-commits.ts";
import { withScratchObjects } from "./scratch-objects.ts";
import type { CommitRange, CommitRecord, RawChange, Repository } from "./types.ts";

export interface RemergedCommit {
  readonly commit: CommitRecord;
  readonly changes: readonly RawChange[];
}

/**
 * Commits of a range, oldest first, each with what it adds of its own: a merge shows only what differs from the merge
 * that Git itself computes, so that `git log` cannot be made to show nothing for an edited one (T26). A merge of more
 * than two parents, which Git does not recompute, shows its difference to the first parent.
 */
export async function readRemergedCommits(
  repo: Repository,
  range: CommitRange,
): Promise<readonly RemergedCommit[]> {
  // The two walks have orders of their own: `git log --reverse` with re-merged diffs recomputes merges without end
  // (a minute where it takes half a second otherwise), so that walk runs as Git likes and is looked up by id.
  const changes = await readChangesById(repo, range);
  const found: RemergedCommit[] = [];
  for await (const commit of readCommits(repo, { ...range, order: "oldest-first" })) {
    const own = changes.get(commit.id) ?? [];
    found.push({ commit, changes: commit.parents.length > 1 ? own.map(withoutOldSide) : own });
  }
  return await withOctopusChanges(repo, found);
}

async function readChangesById(
  repo: Repository,
  range: CommitRange,
): Promise<ReadonlyMap<ObjectId, readonly RawChange[]>> {
  return await withScratchObjects(repo, async (scratch) => {
    const byId = new Map<ObjectId, readonly RawChange[]>();
    for await (const { id, changes } of readChanges(scratch, { ...range, merges: "remerge" }))
      byId.set(id, changes);
    return byId;
  });
}

/** The computed side of a merge was never anybody's file, and its objects are gone with the scratch folder. */
function withoutOldSide(change: RawChange): RawChange {
  return { ...change, oldMode: "000000", oldId: "0".repeat(change.oldId.length) };
}

async function withOctopusChanges(
  repo: Repository,
  found: readonly RemergedCommit[],
): Promise<readonly RemergedCommit[]> {
  const complete: RemergedCommit[] = [];
  for (const one of found) {
    const [first, , third] = one.commit.parents;
    const isOctopus = first !== undefined && third !== undefined;
    complete.push(isOctopus ? { ...one, changes: await diffTrees(repo, first, one.commit.id) } : one);
  }
  return complete;
}
