// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import { type Policy, PolicyError, parsePolicy } from "@countersign/core/policy";
import {
  GitError,
  type GitErrorCode,
  isAncestor,
  type Repository,
  readFileAt,
  readRef,
} from "@countersign/git";

export const POLICY_PATH = ".countersign/policy.yml";

export interface PolicySource {
  readonly commit: ObjectId;
  readonly path: string;
}

/** The policy in force, or why there is none: which denies, since no policy is not permission (T29). */
export type PolicyReading =
  | { readonly source: PolicySource; readonly policy: Policy }
  | { readonly source: PolicySource; readonly policy: null; readonly reason: string };

/**
 * The policy of the target branch, never of the change. `base` is the target's tip as the caller knows it; where the
 * branch in this repository has moved past it without the change, the newer policy counts.
 */
export async function readPolicy(
  repository: Repository,
  request: { readonly base: ObjectId; readonly head: ObjectId; readonly target: RefName },
): Promise<PolicyReading> {
  const commit = await unlessUnreadable(() => findPolicyCommit(repository, request));
  const source = { commit: "reason" in commit ? request.base : commit.value, path: POLICY_PATH };
  if ("reason" in commit) return { source, policy: null, ...commit };
  return await readPolicyAt(repository, source, request.target);
}

export async function readPolicyAt(
  repository: Repository,
  source: PolicySource,
  target: RefName,
): Promise<PolicyReading> {
  const { commit } = source;
  const read = await unlessUnreadable(() => readFileAt(repository, commit, POLICY_PATH));
  if ("reason" in read) return { source, policy: null, ...read };
  const bytes = read.value;
  if (bytes === undefined) {
    const reason = `${target} has no ${POLICY_PATH} at ${commit.slice(0, 12)}; no policy is not permission, and a symbolic link is none. Add one on the target branch: countersign policy init --profile amazon --write`;
    return { source, policy: null, reason };
  }
  try {
    return { source, policy: parsePolicy(bytes, POLICY_PATH) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return {
      source,
      policy: null,
      reason: `the policy of ${target} at ${commit.slice(0, 12)} is invalid, so nothing passes:\n${error.message}`,
    };
  }
}

/** An answer, or why it cannot be had: a policy that nobody can read permits nothing. */
async function unlessUnreadable<T>(
  ask: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly reason: string }> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (error instanceof GitError && UNREADABLE.includes(error.code))
      return { reason: `the policy cannot be read, so nothing passes: ${error.message}` };
    throw error;
  }
}

const UNREADABLE: readonly GitErrorCode[] = ["MISSING_OBJECT", "BLOB_TOO_LARGE"];

async function findPolicyCommit(
  repository: Repository,
  { base, head, target }: { readonly base: ObjectId; readonly head: ObjectId; readonly target: RefName },
): Promise<ObjectId> {
  const tip = await readRef(repository, target);
  if (tip === undefined || tip === base || tip === head) return base;
  const hasMovedOn = await isAncestor(repository, base, tip);
  const hasLanded = hasMovedOn && (await isAncestor(repository, head, tip));
  return hasMovedOn && !hasLanded ? tip : base;
}
