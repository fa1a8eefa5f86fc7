// SPDX-License-Identifier: Apache-2.0
import type { Rule } from "../rule.ts";
import { toAnswerFindings } from "./to-answer-findings.ts";

/**
 * Commits of which a recorder knows that an AI took part and whose message says nothing of it: a trailer was stripped, or a squash lost it
 * (T01, T02). They count as AI-assisted in any case; whether a reader of the history has to see it, the policy says.
 */
export const undeclared: Rule = {
  name: "undeclared",
  evaluate(context) {
    if (context.policy.emission === "none") return [];
    const commits = context.facts.commits.filter(
      ({ state, assistance, viaSignOff }) =>
        state === "recorded" && !viaSignOff && !assistance.some((claim) => claim.evidence === "declared"),
    );
    const tools = [
      ...new Set(commits.flatMap((commit) => commit.assistance.map((claim) => claim.tool))),
    ].sort();
    const reason =
      `${commits.length} commit(s) are recorded as AI-assisted (${tools.join(", ") || "unnamed"}) and their messages do not say so; ` +
      "add a line such as `AI-Assisted: claude-code/claude-opus-4-8`: git commit --amend";
    return toAnswerFindings(this.name, context.policy.undeclared, reason, commits);
  },
};
