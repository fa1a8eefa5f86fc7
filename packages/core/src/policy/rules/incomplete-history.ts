// SPDX-License-Identifier: Apache-2.0
import type { Rule } from "../rule.ts";

/** Facts that may be incomplete: the gate could not tell, and what it cannot tell does not pass (T39). */
export const incompleteHistory: Rule = {
  name: "incomplete-history",
  evaluate(context) {
    return context.facts.problems
      .filter((problem) => problem.code !== "too-large")
      .map((problem) => ({
        rule: this.name,
        status: "error",
        reason: `${problem.message} (${problem.code})`,
        commits: problem.objects,
        files: [],
        missing: null,
      }));
  },
};
