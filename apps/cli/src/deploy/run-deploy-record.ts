// SPDX-License-Identifier: Apache-2.0
import { checkDeployment, type DeployAnswer, toDeployment } from "@countersign/audit";
import { type DeploymentPipeline, toDeploymentStatement } from "@countersign/core/attestation";
import { sha256Hex } from "@countersign/core/ids";
import { findMachine, type Policy } from "@countersign/core/policy";
import { formatDeployJson, formatDeployReport } from "@countersign/core/render";
import { EVIDENCE_REF } from "@countersign/gate";
import { addEvidence } from "@countersign/git";
import { type MachineSigningKey, newNonce, signMachineStatement } from "@countersign/signing";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { readMachineKeyFlag } from "../sign-off/read-machine-key-flag.ts";
import { type DeployFlags, readDeployFlags } from "./deploy-flags.ts";
import { DEPLOY_EXIT } from "./run-deploy-check.ts";

export type DeployRecordFlags = DeployFlags & {
  readonly machineKey?: string;
  readonly baseline: boolean;
  readonly issuer?: string;
  readonly subject?: string;
  readonly run?: string;
};

/** `countersign deploy record`: what happened is written down whatever the check says of it, together with that. */
export async function runDeployRecord(context: CliContext, flags: DeployRecordFlags): Promise<ExitCode> {
  const key = await readMachineKeyFlag(context, flags.machineKey);
  const pipeline = readPipeline(context, flags);
  const request = await readDeployFlags(context, flags);
  const answer = await checkDeployment(request);
  const commit = answer.report.commit;
  if (answer.policy === null || commit === null) return await refuse(context, flags, answer);
  requirePower(answer.policy, key);
  requireFirst(answer, flags);
  const made = { pipeline, isBaseline: flags.baseline, nonce: newNonce() };
  const predicate = toDeployment(answer, commit, made);
  const envelope = signMachineStatement(toDeploymentStatement(predicate), key);
  await addEvidence(request.repository, [envelope]);
  const name = sha256Hex(envelope);
  const report = { ...answer.report, ...(flags.baseline && { verdict: "pass" as const, findings: [] }) };
  const exitCode = DEPLOY_EXIT[report.verdict];
  context.outcome.exitCode = exitCode;
  const options = { palette: paletteOf(context, flags.color), width: widthOf(context) };
  await context.output.write(
    flags.json
      ? formatDeployJson({ ...report, recorded: { envelope: name, verdict: predicate.verdict } })
      : `${formatDeployReport(report, options)}recorded as ${predicate.verdict}: ${name.slice(0, 16)} in ${EVIDENCE_REF}; share it: countersign evidence push\n`,
  );
  return exitCode;
}

/** Without a policy or a commit there is nothing to sign: it could be about anything. */
async function refuse(context: CliContext, flags: DeployFlags, { report }: DeployAnswer): Promise<ExitCode> {
  const options = { palette: paletteOf(context, flags.color), width: widthOf(context) };
  await context.output.write(flags.json ? formatDeployJson(report) : formatDeployReport(report, options));
  context.warn("nothing was recorded");
  return DEPLOY_EXIT[report.verdict] === 0 ? 3 : DEPLOY_EXIT[report.verdict];
}

/** A record that nobody believes would look like one, and be none. */
function requirePower(policy: Policy, { keyid, publicKey }: MachineSigningKey): void {
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

function requireFirst({ chain }: DeployAnswer, { baseline, environment }: DeployRecordFlags): void {
  if (!baseline || chain.last === undefined) return;
  throw new UsageError(
    `${environment} has records already (the last of ${chain.last.predicate.at}); --baseline is for the first one`,
  );
}

/** As the pipeline names itself: beside the signature, for people. */
function readPipeline({ host }: CliContext, flags: DeployRecordFlags): DeploymentPipeline | null {
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
