// SPDX-License-Identifier: Apache-2.0
import { CONTRADICTION } from "../facts/to-policy-facts.ts";
import type { Rule } from "../rule.ts";
import { toAnswerFindings } from "./to-answer-findings.ts";

/** A claim that no AI took part beside evidence that one did: somebody is wrong, and no setting lets it pass (T09). */
export const contradictoryClaim: Rule = {
  name: "contradictory-claim",
  evaluate(context) {
    const commits = context.facts.commits.filter((commit) =>
      commit.warnings.some((warning) => warning.code === CONTRADICTION),
    );
    const reason =
      `${commits.length} commit(s) claim that no AI took part and name one all the same; ` +
      "remove `AI-Assisted: none` or the other claim, whichever is wrong";
    return toAnswerFindings(this.name, "deny", reason, commits);
  },
};
