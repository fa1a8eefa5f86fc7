// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { Policy } from "@countersign/core/policy";
import { type Repository, resolvePaths } from "@countersign/git";
import { POLICY_PATH, readPolicyAt } from "../read-policy.ts";
import type { LandedLine } from "./landed-line.ts";

/** The policy under which a link of the line landed, or why there was none. */
export interface PolicyInForce {
  readonly policy: Policy | null;
  readonly unjudged: string | null;
}

/** Asked at once; each answer is a line that is held until it is parsed. */
const MOST_ASKED = 4096;

/** The policy on the tip before each link. Neighbours under the same text share one value, so that they can be compared by identity. */
export async function readLinePolicies(
  repository: Repository,
  line: LandedLine,
): Promise<readonly PolicyInForce[]> {
  const readings = new Map<string, PolicyInForce>();
  const policies: PolicyInForce[] = [];
  for (let start = 0; start < line.length; start += MOST_ASKED) {
    const count = Math.min(MOST_ASKED, line.length - start);
    const bases = Array.from({ length: count }, (_, i) => line.at(start + i)?.parents[0]);
    const blobs = await findPolicies(repository, bases);
    for (const [at, base = null] of bases.entries()) {
      const key = base === null ? "first" : (blobs[at] ?? "none");
      const reading = readings.get(key) ?? (await readAt(repository, base, blobs[at]));
      readings.set(key, reading);
      policies.push(reading);
    }
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
  bases: readonly (ObjectId | undefined)[],
): Promise<readonly (ObjectId | undefined)[]> {
  const places = bases.flatMap((tree) => (tree === undefined ? [] : [{ tree, path: POLICY_PATH }]));
  const found = await resolvePaths(repository, places);
  let next = 0;
  return bases.map((base) => (base === undefined ? undefined : found[next++]));
}
