// SPDX-License-Identifier: Apache-2.0
import type {
  DeploymentPipeline,
  DeploymentPredicate,
  DeploymentVerdict,
} from "@countersign/core/attestation";
import type { ObjectId } from "@countersign/core/ids";
import type { DeployAnswer } from "./check-deployment.ts";

/** What only the one who records knows. */
export interface DeploymentMade {
  readonly pipeline: DeploymentPipeline | null;
  /** Take what runs there as it is: the first record of an environment. */
  readonly isBaseline: boolean;
  readonly nonce: string;
}

/**
 * The record of a deployment that happened, approved or not: what the check said is written down as it is, so that nothing
 * which shipped past it is forgotten, and nothing of it is approved by being recorded (T48, T56). `commit` is what runs now.
 */
export function toDeployment(
  { report, chain }: Pick<DeployAnswer, "report" | "chain">,
  commit: ObjectId,
  { pipeline, isBaseline, nonce }: DeploymentMade,
): DeploymentPredicate {
  const verdict: DeploymentVerdict = isBaseline ? "baseline" : report.verdict;
  const isApproved = verdict === "pass" || verdict === "override" || verdict === "baseline";
  const against = report.findings.filter(({ status }) => ["error", "fail", "pending"].includes(status));
  return {
    environment: report.environment,
    commits: { base: isBaseline ? null : report.base, head: commit },
    artifacts: report.artifacts,
    repository: report.repository,
    target: report.target,
    at: report.evaluatedAt,
    pipeline,
    verdict,
    kind: report.kind,
    policyDigest: report.policyDigest,
    gaps: report.gaps,
    reasons: isApproved ? [] : against.map(({ rule, reason }) => ({ rule, reason })),
    previous: chain.last?.envelope ?? null,
    nonce,
  };
}
