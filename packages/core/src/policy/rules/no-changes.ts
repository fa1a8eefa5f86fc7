// SPDX-License-Identifier: Apache-2.0
import type { Rule } from "../rule.ts";

/** Says so when there is nothing to judge, so that an empty pass is not taken for a reviewed one. */
export const noChanges: Rule = {
  name: "no-changes",
  evaluate(context) {
    const { commits, files, head } = context.facts;
    if (commits.length > 0 || files.length > 0) return [];
    return [
      {
        rule: this.name,
        status: "pass",
        reason: "the change holds no commits and touches no files",
        commits: [head],
        files: [],
        missing: null,
      },
    ];
  },
};
