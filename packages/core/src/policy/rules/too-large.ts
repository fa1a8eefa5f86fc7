// SPDX-License-Identifier: Apache-2.0
import type { Rule } from "../rule.ts";

/** A change past a limit of the policy is denied by name of the limit, never cut short and judged in part (T45). */
export const tooLarge: Rule = {
  name: "too-large",
  evaluate(context) {
    return context.facts.problems
      .filter((problem) => problem.code === "too-large")
      .map((problem) => ({
        rule: this.name,
        status: "fail",
        reason: problem.message,
        commits: problem.objects,
        files: [],
        missing: null,
      }));
  },
};
