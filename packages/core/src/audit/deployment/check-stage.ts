// SPDX-License-Identifier: Apache-2.0
import { type DeployedArtifact, formatInstant } from "../../attestation/index.ts";
import type { ObjectId } from "../../ids/index.ts";
import { formatDuration } from "../../policy/moments.ts";
import type { Environment } from "../../policy/policy.ts";
import type { DeployFinding } from "./deploy-report.ts";
import { isApproved, type KnownDeployment, standsSince, toDeploymentChain } from "./deployment-chain.ts";

export interface StageQuestion {
  readonly environment: Environment;
  readonly deployments: readonly KnownDeployment[];
  readonly commit: ObjectId;
  readonly artifacts: readonly DeployedArtifact[];
  /** Seconds since the epoch. */
  readonly now: number;
}

export interface StageAnswer {
  readonly finding: DeployFinding;
  readonly stage: KnownDeployment | undefined;
}

/** Whether the very same was deployed where the policy wants it first, was approved there, and for long enough. */
export function checkStage(question: StageQuestion): StageAnswer | undefined {
  const { environment, deployments, commit, artifacts, now } = question;
  const { after, minimum } = environment;
  if (after === null) return undefined;
  const answer = (status: DeployFinding["status"], reason: string, stage?: KnownDeployment): StageAnswer => ({
    finding: {
      rule: "after",
      status,
      reason: `${environment.id} comes after ${after}: ${reason}`,
      commits: [commit],
    },
    stage,
  });
  const there = toDeploymentChain(deployments, after).all.filter(
    ({ predicate }) => predicate.commits.head === commit,
  );
  const short = commit.slice(0, 12);
  if (there.length === 0)
    return answer("fail", `${short} was never recorded there; deploy and record it there first`);
  const approved = there.filter(isApproved);
  if (approved.length === 0)
    return answer(
      "fail",
      there.some(({ loggedAt }) => loggedAt === null)
        ? `the record of ${short} there is not in the ledger, which the policy requires; log it with: countersign ledger append`
        : `${short} was deployed there without approval (${there.at(-1)?.predicate.verdict})`,
    );
  const same = approved.filter((one) => holdsAll(one, artifacts));
  if (same.length === 0)
    return answer(
      "fail",
      `${short} was there with other artifacts; what is shipped must be what was tried, by digest`,
    );
  // The longest that it has been there: a second deployment of the same does not start the clock anew.
  const [first] = [...same].sort((a, b) => standsSince(a) - standsSince(b));
  const at = first === undefined ? now : standsSince(first);
  const spent = now - at;
  const since = `${short} has been there since ${formatInstant(at)}`;
  if (spent < minimum)
    return answer(
      "pending",
      `${since}, the policy asks for ${formatDuration(minimum)}; wait ${minimum - spent} s more`,
      first,
    );
  return answer("pass", since, first);
}

function holdsAll({ predicate }: KnownDeployment, artifacts: readonly DeployedArtifact[]): boolean {
  const there = new Set(predicate.artifacts.map(({ digest }) => digest.sha256));
  return artifacts.every(({ digest }) => there.has(digest.sha256));
}
