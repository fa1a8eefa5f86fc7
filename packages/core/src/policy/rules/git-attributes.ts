// SPDX-License-Identifier: Apache-2.0
import type { Rule } from "../rule.ts";

/** Attributes decide what a diff shows to people; the gate ignores them, reviewers' tools do not (T44). */
export const gitAttributes: Rule = {
  name: "git-attributes",
  evaluate(context) {
    const files = context.facts.files
      .filter((file) => file.classes.includes("attributes"))
      .map((file) => file.path);
    if (files.length === 0) return [];
    const reason =
      "the change touches .gitattributes, which can hide files from diffs and reviews (-diff, linguist-generated); " +
      "look at the change with `git diff --text`";
    return [{ rule: this.name, status: "warning", reason, commits: [], files, missing: null }];
  },
};
