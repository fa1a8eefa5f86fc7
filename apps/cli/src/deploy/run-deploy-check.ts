// SPDX-License-Identifier: Apache-2.0
import { checkDeployment } from "@countersign/audit";
import type { DeployReport } from "@countersign/core/audit";
import { formatDeployJson, formatDeployReport } from "@countersign/core/render";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import type { ExitCode } from "../exit-code.ts";
import { type DeployFlags, readDeployFlags } from "./deploy-flags.ts";

export const DEPLOY_EXIT: Readonly<Record<DeployReport["verdict"], ExitCode>> = {
  pass: 0,
  override: 0,
  pending: 1,
  denied: 1,
  error: 3,
};

/** `countersign deploy check`: the exit code is the verdict. */
export async function runDeployCheck(context: CliContext, flags: DeployFlags): Promise<ExitCode> {
  const { report } = await checkDeployment(await readDeployFlags(context, flags));
  const exitCode = DEPLOY_EXIT[report.verdict];
  // Decided before anything is printed: whoever stops reading changes no verdict.
  context.outcome.exitCode = exitCode;
  const options = { palette: paletteOf(context, flags.color), width: widthOf(context) };
  await context.output.write(flags.json ? formatDeployJson(report) : formatDeployReport(report, options));
  return exitCode;
}
