// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import type { CommitRecord, Repository } from "@countersign/git";
import { readIdentities, readRecords } from "../records/read-records.ts";
import { type HeadMove, isOwnCommit } from "./read-head-log.ts";

/** So many of the latest commits of HEAD's log are compared; a rebase that changes nothing follows what it remakes. */
const MOST = 500;

export interface RemadeQuestion {
  /** Commits that Git made from others, as HEAD's log or the hooks tell. */
  readonly brought: readonly CommitRecord[];
  readonly moves: readonly HeadMove[];
  /** Coverage of commits that are in no ref yet. */
  readonly fresh: ReadonlyMap<ObjectId, Coverage>;
}

/**
 * A commit with the very tree and parents of one that was made here, as `rebase --force-rebase` or a reworded pick leaves behind, brings
 * nothing from elsewhere: the recorder was there as far as it was for that one. By content alone, for the hook that names both comes
 * only after the whole rebase. Two processes; none where nothing was brought.
 */
export async function coverRemade(
  repo: Repository,
  { brought, moves, fresh }: RemadeQuestion,
): Promise<ReadonlyMap<ObjectId, Coverage>> {
  if (brought.length === 0) return new Map();
  const own = [...new Set(moves.filter(isOwnCommit).map(({ to }) => to))].slice(-MOST);
  const made = await readIdentities(repo, own);
  const byContent = new Map(made.map((commit) => [contentOf(commit), commit.id]));
  const pairs = brought.flatMap((commit) => {
    const source = byContent.get(contentOf(commit));
    // Within the same second Git makes the very same commit again.
    return source === undefined ? [] : [[commit.id, source] as const];
  });
  if (pairs.length === 0) return new Map();
  const stored = await readRecords(
    repo,
    pairs.map(([, source]) => source).filter((source) => !fresh.has(source)),
  );
  return new Map(
    pairs.flatMap(([id, source]) => {
      const coverage = fresh.get(source) ?? stored.get(source)?.coverage;
      return coverage === undefined ? [] : [[id, coverage] as const];
    }),
  );
}

function contentOf({ tree, parents }: CommitRecord): string {
  return [tree, ...parents].join(" ");
}
