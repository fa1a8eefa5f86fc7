// SPDX-License-Identifier: Apache-2.0
import { CONTRADICTION } from "../facts/to-policy-facts.ts";
import type { Rule } from "../rule.ts";

/** Mistakes in how AI is named, shown so that they get mended; the claims themselves already count (T05, T07). */
export const attributionWarnings: Rule = {
  name: "attribution-warnings",
  evaluate(context) {
    const byCode = new Map<string, { readonly message: string; readonly commits: string[] }>();
    for (const commit of context.facts.commits) {
      for (const { code, message } of commit.warnings) {
        const group = byCode.get(code) ?? { message, commits: [] };
        byCode.set(code, group);
        if (!group.commits.includes(commit.id)) group.commits.push(commit.id);
      }
    }
    return [...byCode]
      .filter(([code]) => code !== CONTRADICTION)
      .map(([code, { message, commits }]) => ({
        rule: this.name,
        status: "warning",
        reason: `${code}: ${message}`,
        commits,
        files: [],
        missing: null,
      }));
  },
};
