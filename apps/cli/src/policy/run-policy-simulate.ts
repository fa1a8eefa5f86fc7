// SPDX-License-Identifier: Apache-2.0
import { type Evaluation, evaluatePolicy, type Simulation, simulatePolicy } from "@countersign/core/policy";
import { displayText, formatSafeJson, type Palette } from "@countersign/core/render";
import { type CliContext, paletteOf } from "../cli-context.ts";
import type { CommonFlags } from "../common-flags.ts";
import type { ChangeFlags } from "../doors/change-flags.ts";
import { VERDICT_EXIT } from "../doors/run-gate-command.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { formatFinding, formatVerdict } from "./format-evaluation.ts";
import { gatherForPolicy } from "./gather-for-policy.ts";

export type SimulateFlags = CommonFlags &
  ChangeFlags & {
    readonly sign?: readonly string[];
    readonly touch?: readonly string[];
    readonly policy?: string;
  };

/** `policy simulate`: the verdict if these people signed, these files were touched, or this draft were the policy. */
export async function runPolicySimulate(context: CliContext, flags: SimulateFlags): Promise<ExitCode> {
  const questions = await gatherForPolicy(context, flags, flags.policy);
  if ("denial" in questions) {
    context.warn(questions.denial);
    return 3;
  }
  const whatIf = { signers: flags.sign ?? [], files: flags.touch ?? [] };
  const results = questions.map((question) => ({
    before: evaluatePolicy(question),
    after: simulatePolicy(question, whatIf),
  }));
  const strangers = [...new Set(results.flatMap(({ after }) => after.unknownSigners))];
  if (strangers.length > 0)
    throw new UsageError(`--sign ${strangers.join(", ")}: nobody of that id in the policy's people`);
  const palette = paletteOf(context, flags.color);
  const text = flags.json
    ? `${formatSafeJson({ changes: results.map(({ before, after }) => ({ verdict: after.verdict, before: before.verdict, findings: after.findings, signOffs: after.signOffs })) })}\n`
    : results.map(({ before, after }) => format(before, after, palette)).join("\n");
  await context.output.write(
    text === "" ? "the target already contains this head; nothing would land\n" : text,
  );
  return Math.max(0, ...results.map(({ after }) => VERDICT_EXIT[after.verdict])) as ExitCode;
}

function format(before: Evaluation, after: Simulation, palette: Palette): string {
  const signOffs = after.signOffs.map(({ principal, decision, counted, reason }) => {
    return `  ${counted ? palette.good("✔") : palette.bad("✘")} ${displayText(principal ?? "an unknown key")} ${decision}: ${displayText(reason, 500)}`;
  });
  return `${[
    `${formatVerdict(before, palette)} → ${formatVerdict(after, palette)}  ${palette.faint("(pretended; nothing was signed or stored)")}`,
    ...after.findings.map((finding) => formatFinding(finding, palette)),
    ...(signOffs.length === 0 ? [] : ["", "sign-offs", ...signOffs]),
  ].join("\n")}\n`;
}
