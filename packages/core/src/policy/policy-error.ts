// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../ids/index.ts";

/** One mistake in a policy file, for people and editors. */
export interface PolicyIssue {
  /** 1-based; 1:1 where the mistake is the whole file's. */
  readonly line: number;
  readonly column: number;
  /** Where in the value, such as `rules[0].require.role`; empty for the whole file. */
  readonly path: string;
  /** What was wrong. */
  readonly message: string;
  readonly expected: string;
  /** Text that would be right in this place. */
  readonly example: string;
}

/**
 * The policy file cannot be used. Callers stop: no policy never means "allow" (T29).
 * Carries every mistake found, in the order of the file.
 */
export class PolicyError extends CoreError {
  readonly fileName: string;
  readonly issues: readonly PolicyIssue[];
  constructor(fileName: string, issues: readonly PolicyIssue[], options?: ErrorOptions) {
    super("POLICY_INVALID", issues.map((issue) => formatPolicyIssue(fileName, issue)).join("\n"), options);
    this.name = "PolicyError";
    this.fileName = fileName;
    this.issues = issues;
  }
}

/** `file:line:column: path: what was wrong; expected …; for example: …`, on one line. */
export function formatPolicyIssue(fileName: string, issue: PolicyIssue): string {
  const where = issue.path === "" ? "" : ` ${issue.path}:`;
  const text = `${fileName}:${issue.line}:${issue.column}:${where} ${issue.message}; expected ${issue.expected}; for example: ${issue.example}`;
  return text.replaceAll(/\s*\n\s*/g, " ");
}
