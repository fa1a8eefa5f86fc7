// SPDX-License-Identifier: Apache-2.0
import { findUnmeetable, type Policy, PolicyError, parsePolicy } from "@countersign/core/policy";
import { displayText, formatSafeJson } from "@countersign/core/render";
import type { CliContext } from "../cli-context.ts";
import type { CommonFlags } from "../common-flags.ts";
import type { ExitCode } from "../exit-code.ts";
import { readPolicyFile } from "./read-policy-file.ts";

export async function runPolicyCheck(
  context: CliContext,
  flags: CommonFlags,
  file?: string,
): Promise<ExitCode> {
  const source = await readPolicyFile(context, flags, file);
  const answer = checkPolicy(source.bytes, source.name);
  if (flags.json) await context.output.write(`${formatSafeJson(answer.json)}\n`);
  else if (answer.policy !== null)
    await context.output.write(`${describePolicy(source.name, answer.policy)}\n`);
  if (answer.error === null) return 0;
  // With --json the issues are on stdout already, in full.
  if (!flags.json) throw answer.error;
  return 2;
}

interface Answer {
  readonly policy: Policy | null;
  readonly error: PolicyError | null;
  readonly json: object;
}

function checkPolicy(bytes: Uint8Array, name: string): Answer {
  try {
    const policy = parsePolicy(bytes, name);
    return {
      policy,
      error: null,
      json: { valid: true, digest: policy.digest, issues: [], warnings: findUnmeetable(policy) },
    };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { policy: null, error, json: { valid: false, digest: null, issues: error.issues, warnings: [] } };
  }
}

function describePolicy(name: string, policy: Policy): string {
  const counts = [
    countOf(policy.rules.length, "rule"),
    countOf(policy.people.size, "person", "people"),
    countOf(policy.roles.size, "role"),
    countOf(policy.tests.length, "test"),
  ];
  const warnings = findUnmeetable(policy).map(({ message }) => `\nwarning: ${displayText(message)}`);
  return `${displayText(name)} is valid: ${counts.join(", ")}; sha256 ${policy.digest}${warnings.join("")}`;
}

function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
