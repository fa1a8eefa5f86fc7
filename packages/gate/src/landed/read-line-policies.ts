// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { Policy } from "@countersign/core/policy";
import { type CommitLink, type Repository, resolvePaths } from "@countersign/git";
import { POLICY_PATH, readPolicyAt } from "../read-policy.ts";

/** The policy under which a link of the line landed, or why there was none. */
export interface PolicyInForce {
  readonly policy: Policy | null;
  readonly unjudged: string | null;
}

/** The policy on the tip before each link. Neighbours under the same text share one value, so that they can be compared by identity. */
export async function readLinePolicies(
  repository: Repository,
  line: readonly CommitLink[],
): Promise<readonly PolicyInForce[]> {
  const blobs = await findPolicies(repository, line);
  const readings = new Map<string, PolicyInForce>();
  const policies: PolicyInForce[] = [];
  for (const [at, link] of line.entries()) {
    const base = link.parents[0] ?? null;
    const key = base === null ? "first" : (blobs[at] ?? "none");
    const reading = readings.get(key) ?? (await readAt(repository, base, blobs[at]));
    readings.set(key, reading);
    policies.push(reading);
  }
  return policies;
}

async function readAt(
  repository: Repository,
  base: ObjectId | null,
  blob: ObjectId | undefined,
): Promise<PolicyInForce> {
  if (base === null)
    return { policy: null, unjudged: "the first commit of all: there was no policy before it" };
  if (blob === undefined)
    return { policy: null, unjudged: `no ${POLICY_PATH} was in force when this landed` };
  const reading = await readPolicyAt(repository, { commit: base, path: POLICY_PATH }, "the branch");
  return reading.policy === null
    ? { policy: null, unjudged: reading.reason }
    : { policy: reading.policy, unjudged: null };
}

async function findPolicies(
  repository: Repository,
  line: readonly CommitLink[],
): Promise<readonly (ObjectId | undefined)[]> {
  const bases = line.map((link) => link.parents[0]);
  const places = bases.flatMap((tree) => (tree === undefined ? [] : [{ tree, path: POLICY_PATH }]));
  const found = await resolvePaths(repository, places);
  let next = 0;
  return bases.map((base) => (base === undefined ? undefined : found[next++]));
}
