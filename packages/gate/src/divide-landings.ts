// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { type ComputedTree, findPrincipalByKey, type Landing, planLandings } from "@countersign/core/policy";
import { mergeTrees } from "@countersign/git";
import type { GatherContext } from "./gather-change.ts";
import type { History } from "./read-history.ts";

/** Positions times signed heads that are merged to find landings; beyond, the push is judged as one change. */
const MOST_LANDING_MERGES = 1024;

/** The whole of what would land, as one change. */
export function toWholeLanding(history: History): Landing {
  return { base: history.base, head: history.head, signedHead: null };
}

/**
 * Divides a fast-forwardable range into what lands one after the other (see planLandings). An open change is divided only
 * where sign-offs explain all of it, as in a merge queue's group: a commit slipped in below a copy of the signed one
 * would otherwise be a change of its own, too small for the rule that asked for the sign-off (T18, T21).
 */
export async function divideLandings(context: GatherContext, history: History): Promise<readonly Landing[]> {
  if (history.mergeBase?.id === history.head.id) return [];
  const heads = toSignedHeads(context);
  const merges = history.chain.length * heads.length;
  if (merges === 0 || merges > MOST_LANDING_MERGES) return [toWholeLanding(history)];
  const landings = planLandings(
    history.base,
    history.chain,
    heads,
    await computeTrees(context, history, heads),
  );
  const isExplained = landings.every((landing) => landing.signedHead !== null);
  return context.isLanded || isExplained ? landings : [toWholeLanding(history)];
}

function toSignedHeads({ reviews, target, policy, available }: GatherContext): readonly ObjectId[] {
  // Whoever may push evidence may fill it with statements of keys that nobody knows; none of them takes a place here.
  const changes = reviews
    .filter(
      ({ predicate, publicKey }) =>
        predicate.decision === "approve" && findPrincipalByKey(policy, publicKey) !== undefined,
    )
    .map(({ predicate }) => predicate.change);
  const ours = changes.filter(
    (change) =>
      change.target === target && change.policyDigest === policy.digest && available.has(change.head),
  );
  return [...new Set(ours.map((change) => change.head))].sort();
}

async function computeTrees(
  { repository }: GatherContext,
  history: History,
  heads: readonly ObjectId[],
): Promise<ComputedTree> {
  const positions = [history.base, ...history.chain.slice(0, -1)].map((link) => link.id);
  const pairs = positions.flatMap((ours) => heads.map((theirs) => ({ ours, theirs })));
  const results = await mergeTrees(repository, pairs);
  const trees = new Map(
    pairs.map(({ ours, theirs }, i) => [
      `${ours}:${theirs}`,
      results[i]?.isClean === true ? results[i]?.tree : undefined,
    ]),
  );
  return (position, signedHead) => trees.get(`${position}:${signedHead}`);
}
