// SPDX-License-Identifier: Apache-2.0
import { type DeployAnswer, toDeployment } from "@countersign/audit";
import {
  type DeployedArtifact,
  type DeploymentPipeline,
  type DeploymentVerdict,
  toDeploymentStatement,
} from "@countersign/core/attestation";
import { type ObjectId, sha256Hex } from "@countersign/core/ids";
import { findMachine, type Policy } from "@countersign/core/policy";
import { addEvidence, type Repository } from "@countersign/git";
import { type MachineSigningKey, newNonce, signMachineStatement } from "@countersign/signing";
import type { CliContext } from "../cli-context.ts";
import { UsageError } from "../exit-code.ts";

/** Who records, and how. */
export interface Recording {
  readonly repository: Repository;
  readonly key: MachineSigningKey;
  readonly pipeline: DeploymentPipeline | null;
  /** The first record of an environment: what runs there is taken as it is. */
  readonly isBaseline: boolean;
  /** Deployed with the commit beside the artifacts that the answer is about. */
  readonly also?: readonly DeployedArtifact[];
}

/** Signs what was deployed, with the answer about it, into the evidence. Returns the envelope's name and the verdict in it. */
export async function recordDeployment(
  { report, chain }: Pick<DeployAnswer, "report" | "chain">,
  commit: ObjectId,
  { repository, key, pipeline, isBaseline, also = [] }: Recording,
): Promise<{ readonly envelope: string; readonly verdict: DeploymentVerdict }> {
  const whole = { ...report, artifacts: [...report.artifacts, ...also] };
  const predicate = toDeployment({ report: whole, chain }, commit, {
    pipeline,
    isBaseline,
    nonce: newNonce(),
  });
  const envelope = signMachineStatement(toDeploymentStatement(predicate), key);
  await addEvidence(repository, [envelope]);
  return { envelope: sha256Hex(envelope), verdict: predicate.verdict };
}

/** A record that nobody believes would look like one, and be none. Throws UsageError. */
export function requirePower(policy: Policy, { keyid, publicKey }: MachineSigningKey): void {
  const machine = findMachine(policy, { kind: "ed25519", keyid, publicKey });
  if (machine?.may.includes("deployment")) return;
  const who =
    machine === undefined
      ? "no machine of the policy"
      : `the machine ${machine.id}, which may not say a deployment`;
  throw new UsageError(
    `the key ${keyid.slice(0, 16)}… is of ${who}; list its public key under machines, with may: [deployment]`,
  );
}

/** Flags that name the pipeline. */
export type PipelineFlags = {
  readonly issuer?: string;
  readonly subject?: string;
  readonly run?: string;
};

/** As the pipeline names itself: beside the signature, for people. Throws UsageError. */
export function readPipeline({ host }: CliContext, flags: PipelineFlags): DeploymentPipeline | null {
  const { env } = host;
  const known =
    env.GITHUB_ACTIONS === "true"
      ? {
          issuer: "https://token.actions.githubusercontent.com",
          subject: env.GITHUB_WORKFLOW_REF,
          run: `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`,
        }
      : env.GITLAB_CI === "true"
        ? { issuer: env.CI_SERVER_URL, subject: env.CI_PROJECT_PATH, run: env.CI_JOB_URL }
        : {};
  const { issuer = known.issuer, subject = known.subject, run = known.run } = flags;
  if (issuer === undefined && subject === undefined && run === undefined) return null;
  if (issuer === undefined || subject === undefined || run === undefined)
    throw new UsageError("a pipeline is named whole: --issuer, --subject and --run");
  return { issuer, subject, run };
}
