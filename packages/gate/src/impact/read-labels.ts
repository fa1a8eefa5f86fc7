// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { Assistance } from "@countersign/core/trailers";
import { type Repository, readRef } from "@countersign/git";
import { EVIDENCE_REF, toAmendments } from "../gather-context.ts";
import { POLICY_PATH, readPolicyAt } from "../read-policy.ts";
import { readStatements } from "../read-statements.ts";

export interface LabelsRequest {
  readonly repository: Repository;
  /** The policy at this commit says whose labels count, as it does in the gate; without one nobody's do. */
  readonly base: ObjectId;
  /** Commits of fetched evidence sets, beside the repository's own. */
  readonly evidence: readonly ObjectId[];
  /** Seconds since the epoch. */
  readonly evaluatedAt: number;
}

/** What people signed afterwards of an AI's help, by `<commit>:<tree>`. */
export async function readLabels({
  repository,
  base,
  evidence,
  evaluatedAt,
}: LabelsRequest): Promise<ReadonlyMap<string, readonly Assistance[]>> {
  const own = await readRef(repository, EVIDENCE_REF);
  const tips = [...(own === undefined ? [] : [own]), ...evidence];
  if (tips.length === 0) return new Map();
  const { policy } = await readPolicyAt(repository, { commit: base, path: POLICY_PATH }, "the base");
  if (policy === null) return new Map();
  const { amendments } = await readStatements(repository, tips, () => false);
  return toAmendments(policy, amendments, evaluatedAt);
}
