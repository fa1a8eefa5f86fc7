// SPDX-License-Identifier: Apache-2.0
import { checkDeployment, type DeployAnswer } from "@countersign/audit";
import type { ObjectId } from "@countersign/core/ids";
import {
  displayText,
  formatDeployReport,
  formatSavedPlan,
  type TerminalOptions,
} from "@countersign/core/render";
import { EVIDENCE_REF } from "@countersign/gate";
import { type CliContext, widthOf } from "../cli-context.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { findLoosePlan } from "../plan/find-loose-plan.ts";
import { readMachineKeyFlag } from "../sign-off/read-machine-key-flag.ts";
import { createPalette, wantsColor } from "../terminal/colors.ts";
import { type DeployFlags, readDeployFlags } from "./deploy-flags.ts";
import {
  type ExecPlan,
  type ExecPlanFlags,
  judgeExecPlan,
  type PlanJudgement,
  readExecPlan,
} from "./exec-plan.ts";
import {
  type PipelineFlags,
  type Recording,
  readPipeline,
  recordDeployment,
  requirePower,
} from "./record-deployment.ts";
import { type CommandEnd, runCommand } from "./run-command.ts";
import { DEPLOY_EXIT } from "./run-deploy-check.ts";

export type ExecFlags = Omit<DeployFlags, "json"> &
  PipelineFlags &
  ExecPlanFlags & { readonly machineKey?: string };

/**
 * `countersign exec`: the door at the moment of applying. Checks, runs the command only where the answer is yes, and records what
 * came of it. Stdout is the command's own; all that we say goes to stderr. With 1, 2 and 3 nothing was run, with 4 it was.
 */
export async function runExec(
  context: CliContext,
  flags: ExecFlags,
  ...command: readonly string[]
): Promise<ExitCode> {
  if (command[0] === undefined || command[0] === "")
    throw new UsageError("say what to run behind --, for example: -- terraform apply plan.tfplan");
  const key = await readMachineKeyFlag(context, flags.machineKey);
  const pipeline = readPipeline(context, flags);
  await requireNoLoosePlan(context, flags, command);
  using plan = await readExecPlan(flags, command, startOf(context));
  const request = await readDeployFlags(context, flags);
  const answer = await checkDeployment(request);
  if (answer.policy !== null) requirePower(answer.policy, key);
  say(context, formatReport(context, flags, answer));
  const { commit } = answer.report;
  if (commit === null) return refuse(context, 3, "nobody can tell what would be deployed");
  const exitCode = DEPLOY_EXIT[answer.report.verdict];
  if (exitCode !== 0) return refuse(context, exitCode, `the answer is ${answer.report.verdict}`);
  if (plan !== undefined) {
    const judgement = await judgeExecPlan(plan, flags, { repository: request.repository, commit });
    say(context, formatPlan(context, flags, judgement));
    const { refusal } = judgement;
    if (refusal !== undefined) return refuse(context, refusal.exitCode, refusal.reason);
  }
  const also = plan === undefined ? [] : [plan.artifact];
  const recording = { repository: request.repository, key, pipeline, isBaseline: false, also };
  return await runCommand(withPlan(command, flags, plan), startOf(context), (end) =>
    writeDown(context, end, { answer, commit, recording }),
  );
}

interface Tried {
  readonly answer: DeployAnswer;
  readonly commit: ObjectId;
  readonly recording: Recording;
}

/** A command that failed may have changed half of it: that it was tried is recorded, as nothing that was approved. */
async function writeDown(
  context: CliContext,
  end: CommandEnd,
  { answer, commit, recording }: Tried,
): Promise<ExitCode> {
  const failure = end.code === 0 ? undefined : describeFailure(end, answer.report.environment);
  if (failure !== undefined) context.warn(failure);
  const made = failure === undefined ? answer : toFailed(answer, failure);
  try {
    const { envelope, verdict } = await recordDeployment(made, commit, recording);
    const name = envelope.slice(0, 16);
    say(context, `recorded as ${verdict}: ${name} in ${EVIDENCE_REF}; share it: countersign evidence push\n`);
    return failure === undefined ? 0 : 4;
  } catch (cause) {
    const why = displayText(cause instanceof Error ? cause.message : String(cause), 500);
    context.warn(
      `the command ran, and its deployment could not be recorded: ${why}; record it: countersign deploy record`,
    );
    return 4;
  }
}

function toFailed({ report, chain }: DeployAnswer, reason: string): Pick<DeployAnswer, "report" | "chain"> {
  const finding = { rule: "exec", status: "error", reason, commits: [] } as const;
  return { report: { ...report, verdict: "error", findings: [...report.findings, finding] }, chain };
}

async function requireNoLoosePlan(
  context: CliContext,
  { plan }: ExecFlags,
  command: readonly string[],
): Promise<void> {
  const words = command.slice(1).filter((word) => word !== plan);
  const loose = await findLoosePlan(words, startOf(context));
  if (loose === undefined) return;
  const shown = displayText(loose, 500);
  throw new UsageError(
    `the command applies the saved plan ${shown}, which nothing says anybody reviewed; name it: --plan ${shown} --plan-digest sha256:HEX`,
  );
}

function refuse(context: CliContext, exitCode: ExitCode, reason: string): ExitCode {
  context.warn(`not run: ${reason}`);
  return exitCode;
}

/** The command reads the copy that was checked, never the file that anybody may have changed since. */
function withPlan(
  command: readonly string[],
  flags: ExecFlags,
  plan: ExecPlan | undefined,
): readonly string[] {
  return plan === undefined
    ? command
    : command.map((word, i) => (i > 0 && word === flags.plan ? plan.path : word));
}

/** Where the person stands: a command's own paths are meant from there. */
function startOf({ host }: CliContext): string {
  return host.env.COUNTERSIGN_CWD ?? host.cwd();
}

function describeFailure({ code, signal }: CommandEnd, environment: string): string {
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  return `the command ended ${how}: nobody can tell what it changed in ${environment}`;
}

function formatReport(context: CliContext, flags: ExecFlags, { report }: DeployAnswer): string {
  return formatDeployReport(report, optionsOf(context, flags));
}

function formatPlan(context: CliContext, flags: ExecFlags, { facts }: PlanJudgement): string {
  const lines =
    facts === undefined
      ? flags.planDigestOnly === true
        ? ["the plan: not checked from which commit it was made (--plan-digest-only)"]
        : []
      : formatSavedPlan(facts, optionsOf(context, flags));
  return lines.map((line) => `${line}\n`).join("");
}

function optionsOf(context: CliContext, flags: ExecFlags): TerminalOptions {
  const { env, stderr } = context.host;
  const palette = createPalette(wantsColor(flags.color, env, stderr.isTTY === true));
  return { palette, width: widthOf(context) };
}

function say({ host }: CliContext, text: string): void {
  host.stderr.write(text);
}
