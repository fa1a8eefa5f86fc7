// SPDX-License-Identifier: Apache-2.0
import type { Rule, RuleContext } from "../rule.ts";
import type { Finding } from "../verdict.ts";

/** Blocks AI-assisted changes while an earlier break-glass that landed was never reviewed in time (T57). */
export const breakGlassReview: Rule = {
  name: "post-review",
  evaluate(context: RuleContext): readonly Finding[] {
    const overdue = context.facts.openOverrides.filter((override) => override.dueAt <= context.evaluatedAt);
    return overdue.map((override) => ({
      rule: this.name,
      status: context.policyFacts.change.ai.assisted ? "fail" : "warning",
      reason:
        `break-glass of ${override.issuedAt} by ${override.principals.join(" and ")} landed as ${override.head.slice(0, 12)} and was never reviewed; ` +
        `the review was due ${new Date(override.dueAt * 1000).toISOString()}. Somebody who is neither its author nor its signer approves it: ` +
        (override.isHeadMissing === true ? `git fetch origin ${override.head} && ` : "") +
        `countersign approve --base ${override.mergeBase} --head ${override.head} --target ${context.facts.record.target} --key KEY`,
      commits: [override.head],
      files: [],
      missing: null,
    }));
  },
};
