// SPDX-License-Identifier: Apache-2.0
import type { Rule } from "../rule.ts";
import { toAnswerFindings } from "./to-answer-findings.ts";

/** Commits without any evidence either way: `unknown: deny` makes a closed world of recorded, declared and cleared ones. */
export const unknownProvenance: Rule = {
  name: "unknown-provenance",
  evaluate(context) {
    const commits = context.facts.commits.filter((commit) => commit.state === "unknown");
    const reason =
      `nothing says whether an AI took part in ${commits.length} commit(s); ` +
      "install the recorder (countersign init), or add `AI-Assisted: none` or `AI-Assisted: <tool>/<model>` to their messages";
    return toAnswerFindings(this.name, context.policy.unknown, reason, commits);
  },
};
