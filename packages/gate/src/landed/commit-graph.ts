// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { CommitLink } from "@countersign/git";

/** Part of history in memory, by id. */
export interface CommitGraph {
  readonly has: (id: ObjectId) => boolean;
  readonly get: (id: ObjectId) => CommitLink | undefined;
}

export function toGraph(links: readonly CommitLink[]): CommitGraph {
  return new Map(links.map((link) => [link.id, link]));
}

/** What is reachable from the starts within the graph, without what `isLeftOut` says and what lies behind that. */
export function reachableFrom(
  graph: CommitGraph,
  starts: readonly ObjectId[],
  isLeftOut: (id: ObjectId) => boolean = () => false,
): ReadonlySet<ObjectId> {
  const reached = new Set<ObjectId>();
  const queue = [...starts];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const link = graph.get(id);
    if (link === undefined || reached.has(id) || isLeftOut(id)) continue;
    reached.add(id);
    queue.push(...link.parents);
  }
  return reached;
}
