// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { listCommitTrees, type RawChange, type Repository, readChanges } from "@countersign/git";
import { type CommitGraph, reachableFrom, toGraph } from "./commit-graph.ts";

/** Commits beside the line whose content may have landed on it as something else: a squash, a rebase, a queue's commit. */
export interface ContentSources {
  readonly graph: CommitGraph;
  /** Heads that hold some file exactly as a landing leaves it, best first. */
  readonly find: (changes: readonly RawChange[]) => readonly ObjectId[];
}

/** A landing is compared with this many heads; one that shares most contents comes first. */
const MOST_HEADS = 16;

/**
 * Every landing could be a squash of any branch, and merging each with each takes forever. But what a clean merge lands leaves at least one
 * file as the branch had it, unless the target had touched every one of them too.
 */
export async function findSources(
  repository: Repository,
  heads: readonly ObjectId[],
  landed: ObjectId,
): Promise<ContentSources> {
  const range = { include: [...new Set(heads)], exclude: [landed] };
  const graph = toGraph(await listCommitTrees(repository, range));
  const own = heads.filter((head) => graph.has(head));
  if (own.length === 0) return { graph, find: () => [] };
  const holders = new Map<string, Set<ObjectId>>();
  const headsOf = new Map<ObjectId, ObjectId[]>();
  for (const head of own)
    for (const id of reachableFrom(graph, [head])) headsOf.set(id, [...(headsOf.get(id) ?? []), head]);
  for await (const { id, changes } of readChanges(repository, { include: own, exclude: [landed] })) {
    for (const change of changes) {
      const known = holders.get(toKey(change)) ?? new Set();
      for (const head of headsOf.get(id) ?? []) known.add(head);
      holders.set(toKey(change), known);
    }
  }
  return { graph, find: (changes) => rankHeads(holders, changes) };
}

function rankHeads(
  holders: ReadonlyMap<string, ReadonlySet<ObjectId>>,
  changes: readonly RawChange[],
): readonly ObjectId[] {
  const scores = new Map<ObjectId, number>();
  for (const change of changes)
    for (const head of holders.get(toKey(change)) ?? []) scores.set(head, (scores.get(head) ?? 0) + 1);
  const ranked = [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return ranked.slice(0, MOST_HEADS).map(([head]) => head);
}

function toKey({ path, newId, newMode }: RawChange): string {
  return `${newMode} ${newId} ${path}`;
}
