// SPDX-License-Identifier: Apache-2.0
import { type PolicyTestResult, parsePolicy, runPolicyTests } from "@countersign/core/policy";
import { displayText, formatSafeJson, type Palette } from "@countersign/core/render";
import { type CliContext, paletteOf } from "../cli-context.ts";
import type { CommonFlags } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { readPolicyFile } from "./read-policy-file.ts";

export async function runPolicyTest(
  context: CliContext,
  flags: CommonFlags,
  file?: string,
): Promise<ExitCode> {
  const { bytes, name } = await readPolicyFile(context, flags, file);
  const results = runPolicyTests(parsePolicy(bytes, name));
  if (results.length === 0) {
    // A run that checked nothing must not look like one in which everything held.
    throw new UsageError(`${name} has no tests; expected some under \`tests:\`, for example:\n${EXAMPLE}`);
  }
  const failed = results.filter((result) => !result.isMet).length;
  const text = flags.json
    ? `${formatSafeJson({ passed: results.length - failed, failed, tests: results })}\n`
    : `${[...results.flatMap((result) => resultLines(result, paletteOf(context, flags.color))), "", `${results.length - failed} passed, ${failed} failed`].join("\n")}\n`;
  await context.output.write(text);
  return failed === 0 ? 0 : 1;
}

const EXAMPLE = [
  "tests:",
  "  - name: an AI change waits for a senior",
  "    change: { ai: { assisted: true } }",
  "    expect: pending",
].join("\n");

function resultLines(result: PolicyTestResult, palette: Palette): string[] {
  const name = displayText(result.name);
  if (result.isMet) return [`${palette.good("✔")} ${name}: ${result.verdict}`];
  const reasons = result.findings
    .filter(({ status }) => status !== "skipped" && status !== "pass")
    .map(({ rule, reason }) => `    ${displayText(rule, 80)}: ${displayText(reason, 1000)}`);
  return [`${palette.bad("✘")} ${name}: expected ${result.expect}, got ${result.verdict}`, ...reasons];
}
