// SPDX-License-Identifier: Apache-2.0
import { formatInstant } from "@countersign/core/attestation";
import type { Policy } from "@countersign/core/policy";
import type { GateRequest } from "./gate-request.ts";
import type { Peek } from "./peek-statement.ts";
import type { History } from "./read-history.ts";

/**
 * Whether a review could matter to this request: it names the same fork point or a tree that is here, it could still
 * be carried over or land (in force, under this policy, for this target), or it says no or broke the glass. What takes
 * a statement back by its name does so from wherever it was signed.
 */
export function relevantTo(
  request: GateRequest,
  policy: Policy,
  history: History,
): (peek: Peek, all: readonly Peek[]) => boolean {
  const trees = new Set([history.head.tree, ...history.chain.map((link) => link.tree)]);
  const heads = new Set([request.head, ...request.versions, ...history.chain.map((link) => link.id)]);
  const now = formatInstant(request.evaluatedAt);
  let overridden: ReadonlySet<string> | undefined;
  return ({ change, decision, expiresAt, revokes }, all) => {
    // An unverified envelope: the list may be anything, and then it is verified and reported.
    if (decision === "revoke" && revokes?.length !== 0) return true;
    if (change.mergeBase === history.mergeBase?.id || trees.has(change.headTree) || heads.has(change.head))
      return true;
    if (change.target !== request.target) return false;
    if (decision !== "approve") return true;
    const isInForce = change.policyDigest === policy.digest && (expiresAt === null || expiresAt > now);
    overridden ??= new Set(all.filter((peek) => peek.decision === "override").map((peek) => toKey(peek)));
    return isInForce || overridden.has(toKey({ change }));
  };
}

/** The review that must follow a break-glass is an approval of the same change, however old. */
function toKey({ change }: Pick<Peek, "change">): string {
  return `${change.mergeBase}:${change.headTree}`;
}
