// SPDX-License-Identifier: Apache-2.0
import { diffTrees, readCommitsWithChanges } from "./read-changes.ts";
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
  return await withScratchObjects(repo, async (scratch) => {
    const found: RemergedCommit[] = [];
    for await (const one of readCommitsWithChanges(scratch, {
      ...range,
      order: "oldest-first",
      merges: "remerge",
    })) {
      found.push(one.commit.parents.length > 1 ? { ...one, changes: one.changes.map(withoutOldSide) } : one);
    }
    return await withOctopusChanges(repo, found);
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
