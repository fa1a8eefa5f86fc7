// SPDX-License-Identifier: Apache-2.0
import { CoreError, type ObjectId, parseBase64, toHex, toText } from "../../ids/index.ts";
import { POLICY_PATH } from "../../policy/index.ts";
import type { AuditBundle } from "./audit-bundle.ts";
import type { BundleFault } from "./bundle-fault.ts";
import type { CheckedHistory, Unproved } from "./check-history.ts";
import { nameObject } from "./name-object.ts";

type BundledPolicy = AuditBundle["policies"][number];

/**
 * Did each policy stand in the repository where a change was judged by it? Else whoever makes a bundle could write one of their own, in which
 * everybody's name stands beside a key of theirs.
 */
export function checkPolicyPlaces(
  { policies, report }: AuditBundle,
  history: CheckedHistory,
  faults: BundleFault[],
  unproved: Unproved[],
): void {
  if (report.isPseudonymous) return;
  const used = new Map<string, Set<ObjectId | null>>();
  for (const { policyDigest, base } of report.changes)
    if (policyDigest !== null) used.set(policyDigest, (used.get(policyDigest) ?? new Set()).add(base));
  for (const policy of policies) {
    const part = `policies.${policy.digest}`;
    const bases = used.get(policy.digest);
    const tree = history.treeOf(policy.at);
    if (bases === undefined && tree === undefined)
      unproved.push({
        part,
        message: `that the branch had the policy ${policy.digest.slice(0, 12)}, by which machines are known: it is of ${policy.at.slice(0, 12)}, outside of this report`,
      });
    else if (bases !== undefined && !bases.has(policy.at))
      faults.push(
        toFault(
          part,
          "no change of the report that was judged by it begins at the commit that it is said to be of",
        ),
      );
    else if (tree === undefined || !isAt(policy, tree))
      faults.push(toFault(part, `it is not the policy that the commit ${policy.at} has`));
  }
}

function toFault(part: string, message: string): BundleFault {
  return { part, code: "POLICY_INVALID", message };
}

/** From the commit's tree down the path, each object by its name. */
function isAt({ bytes, trees }: BundledPolicy, root: ObjectId): boolean {
  try {
    let name: ObjectId | undefined = root;
    const path = POLICY_PATH.split("/");
    for (const [depth, each] of path.entries()) {
      const tree = parseBase64(trees[depth] ?? "");
      if (name === undefined || nameObject("tree", tree, name.length) !== name) return false;
      name = findEntry(tree, each, name.length / 2);
    }
    return trees.length === path.length && nameObject("blob", parseBase64(bytes), root.length) === name;
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}

const BLANK = 0x20;

/** Rows of a tree: mode, a blank, name, NUL, and the raw id. */
function findEntry(tree: Uint8Array, wanted: string, idLength: number): ObjectId | undefined {
  for (let at = 0; at < tree.length; ) {
    const blank = tree.indexOf(BLANK, at);
    const end = tree.indexOf(0, blank);
    if (blank < 0 || end < 0) return undefined;
    const id = tree.subarray(end + 1, end + 1 + idLength);
    if (toText(tree.subarray(blank + 1, end)) === wanted) return toHex(id);
    at = end + 1 + idLength;
  }
  return undefined;
}
