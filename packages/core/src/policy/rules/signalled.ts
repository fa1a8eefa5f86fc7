// SPDX-License-Identifier: Apache-2.0
import type { Rule } from "../rule.ts";
import { toAnswerFindings } from "./to-answer-findings.ts";

/** Commits with signs of AI that nobody declared. */
export const signalled: Rule = {
  name: "signalled",
  evaluate(context) {
    const commits = context.facts.commits.filter((commit) => commit.state === "signalled");
    const signs = [
      ...new Set(
        commits.flatMap((commit) => commit.assistance.map((claim) => `${claim.tool} (${claim.convention})`)),
      ),
    ].sort();
    const reason =
      `${commits.length} commit(s) show signs of AI (${signs.join(", ") || "unnamed"}) and declare nothing; ` +
      "declare it with a line such as `AI-Assisted: claude-code/claude-opus-4-8`, or `AI-Assisted: none` where the sign misleads";
    return toAnswerFindings(this.name, context.policy.signalled, reason, commits);
  },
};
