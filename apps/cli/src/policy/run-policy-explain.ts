// SPDX-License-Identifier: Apache-2.0
import {
  type ExplainedRule,
  explainPolicy,
  type PolicyExplanation,
  type Trace,
} from "@countersign/core/policy";
import { displayText, formatSafeJson, type Palette } from "@countersign/core/render";
import { type CliContext, paletteOf } from "../cli-context.ts";
import type { CommonFlags } from "../common-flags.ts";
import type { ChangeFlags } from "../doors/change-flags.ts";
import { VERDICT_EXIT } from "../doors/run-gate-command.ts";
import type { ExitCode } from "../exit-code.ts";
import { formatFinding, formatVerdict } from "./format-evaluation.ts";
import { gatherForPolicy } from "./gather-for-policy.ts";

export type ExplainFlags = CommonFlags & ChangeFlags & { readonly policy?: string };

/** `policy explain`: rule by rule, with the value of every operand that decided it. */
export async function runPolicyExplain(context: CliContext, flags: ExplainFlags): Promise<ExitCode> {
  const questions = await gatherForPolicy(context, flags, flags.policy);
  if ("denial" in questions) {
    context.warn(questions.denial);
    return 3;
  }
  const explanations = questions.map(explainPolicy);
  const palette = paletteOf(context, flags.color);
  const text = flags.json
    ? `${formatSafeJson({ changes: explanations })}\n`
    : explanations.map((one) => format(one, palette)).join("\n");
  await context.output.write(
    text === "" ? "the target already contains this head; nothing would land\n" : text,
  );
  return Math.max(0, ...explanations.map((one) => VERDICT_EXIT[one.verdict])) as ExitCode;
}

function format(explanation: PolicyExplanation, palette: Palette): string {
  const rules = explanation.rules.flatMap((rule) => formatRule(rule, palette));
  const builtIn = explanation.builtIn.map((finding) => formatFinding(finding, palette));
  return `${[formatVerdict(explanation, palette), "", ...rules, palette.strong("rules that every policy has"), ...(builtIn.length === 0 ? ["  nothing to say"] : builtIn)].join("\n")}\n`;
}

function formatRule({ rule, traces, findings }: ExplainedRule, palette: Palette): string[] {
  const where = rule.position === null ? "from the profile" : `line ${rule.position.line}`;
  return [
    `${palette.strong(displayText(rule.id, 80))} ${palette.faint(`(${where})`)}${rule.description === null ? "" : ` ${displayText(rule.description)}`}`,
    `  when: ${displayText(rule.when, 1000)}`,
    ...traces.flatMap((trace) => formatTrace(trace, palette)),
    ...findings.map((finding) => formatFinding(finding, palette)),
    "",
  ];
}

function formatTrace({ part, commit, operands }: Trace, palette: Palette): string[] {
  const scope = commit === null ? "" : ` in ${commit.slice(0, 12)}`;
  return operands.map(({ expression, value, problem }) => {
    const shown = problem === null ? formatValue(value) : palette.bad(displayText(problem, 300));
    return `    ${palette.faint(`${part}${scope}`)}  ${displayText(expression, 300)} = ${shown}`;
  });
}

function formatValue(value: unknown): string {
  return displayText(
    JSON.stringify(value, (_, part) => (typeof part === "bigint" ? Number(part) : part)) ?? "null",
    300,
  );
}
