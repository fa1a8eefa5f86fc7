// SPDX-License-Identifier: Apache-2.0
import type { Finding } from "../verdict.ts";

/** An expression that fails denies: letting it pass would make every mistake in a policy a hole (T29). */
export function cannotEvaluate(
  rule: string,
  part: "when" | "assert",
  expression: string,
  problem: string,
): Finding {
  return {
    rule,
    status: "fail",
    reason: `\`${part}: ${expression}\` could not be evaluated: ${problem}; expected true or false. Correct the policy on the target branch`,
    commits: [],
    files: [],
    missing: null,
  };
}
