// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { CommitFacts, Landing } from "@countersign/core/policy";
import type { GatheredCommits } from "./gather-commits.ts";

/** Commits whose content Git computed; on a landing that a signed head explains, everything that is not the original. */
export function toComputed(
  landing: Landing,
  own: Pick<GatheredCommits, "commits" | "computedMerges">,
  originals: readonly CommitFacts[],
): ReadonlySet<ObjectId> {
  if (landing.signedHead === null) return own.computedMerges;
  const signed = new Set([landing.signedHead, ...originals.map((commit) => commit.id)]);
  const synthesised = own.commits.filter(
    (commit) => !signed.has(commit.id) && commit.tree === landing.head.tree,
  );
  return new Set([...own.computedMerges, ...synthesised.map((commit) => commit.id)]);
}
