// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { CommitLink } from "@countersign/git";

/** Part of history in memory, by id. */
export type CommitGraph = ReadonlyMap<ObjectId, CommitLink>;

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

/** The first-parent line up to the head, oldest first, as far as the graph reaches. */
export function firstParentLine(graph: CommitGraph, head: ObjectId): readonly CommitLink[] {
  const line: CommitLink[] = [];
  for (let link = graph.get(head); link !== undefined; link = graph.get(link.parents[0] ?? ""))
    line.push(link);
  return line.reverse();
}

/** Which commits each link of the line brought in, itself included: every commit belongs to the first that reaches it. */
export function divideCommits(
  graph: CommitGraph,
  line: readonly CommitLink[],
): ReadonlyMap<ObjectId, readonly ObjectId[]> {
  const taken = new Set<ObjectId>();
  return new Map(
    line.map((link) => {
      const own = reachableFrom(graph, [link.id], (id) => taken.has(id));
      for (const id of own) taken.add(id);
      return [link.id, [...own]];
    }),
  );
}
