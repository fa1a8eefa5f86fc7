// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { reachableFrom } from "./commit-graph.ts";
import type { LandedContext } from "./landed-context.ts";

/** Memoised: several landings may ask for the same head. */
export function createBesideOf(graph: LandedContext["graph"]): (head: ObjectId) => ReadonlySet<ObjectId> {
  const known = new Map<ObjectId, ReadonlySet<ObjectId>>();
  return (head) => {
    const found = known.get(head) ?? reachableFrom(graph, [head]);
    known.set(head, found);
    return found;
  };
}
