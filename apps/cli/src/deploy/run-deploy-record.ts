// SPDX-License-Identifier: Apache-2.0
import { checkDeployment, type DeployAnswer } from "@countersign/audit";
import { formatDeployJson, formatDeployReport } from "@countersign/core/render";
import { EVIDENCE_REF } from "@countersign/gate";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { readMachineKeyFlag } from "../sign-off/read-machine-key-flag.ts";
import { type DeployFlags, readDeployFlags } from "./deploy-flags.ts";
import { type PipelineFlags, readPipeline, recordDeployment, requirePower } from "./record-deployment.ts";
import { DEPLOY_EXIT } from "./run-deploy-check.ts";

export type DeployRecordFlags = DeployFlags &
  PipelineFlags & {
    readonly machineKey?: string;
    readonly baseline: boolean;
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
  const { repository } = request;
  const recorded = await recordDeployment(answer, commit, {
    repository,
    key,
    pipeline,
    isBaseline: flags.baseline,
  });
  const report = { ...answer.report, ...(flags.baseline && { verdict: "pass" as const, findings: [] }) };
  const exitCode = DEPLOY_EXIT[report.verdict];
  context.outcome.exitCode = exitCode;
  const options = { palette: paletteOf(context, flags.color), width: widthOf(context) };
  await context.output.write(
    flags.json
      ? formatDeployJson({ ...report, recorded })
      : `${formatDeployReport(report, options)}recorded as ${recorded.verdict}: ${recorded.envelope.slice(0, 16)} in ${EVIDENCE_REF}; share it: countersign evidence push\n`,
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

function requireFirst({ chain }: DeployAnswer, { baseline, environment }: DeployRecordFlags): void {
  if (!baseline || chain.last === undefined) return;
  throw new UsageError(
    `${environment} has records already (the last of ${chain.last.predicate.at}); --baseline is for the first one`,
  );
}
