// SPDX-License-Identifier: Apache-2.0
import type { Rule, RuleContext } from "../rule.ts";
import { formatContributor, toAuthorSet } from "../sign-offs/author-set.ts";
import type { Finding } from "../verdict.ts";

/** Says who has a hand in the change and maps to nobody; under `unknownAuthor: deny` that is the end (T14). */
export const unknownAuthor: Rule = {
  name: "unknown-author",
  evaluate(context: RuleContext): readonly Finding[] {
    const authors = toAuthorSet(context.policy, context.facts);
    if (authors.unknown.length === 0 && !authors.isNobody) return [];
    const who = authors.isNobody
      ? "no human is named as author, committer, co-author, pusher or opener"
      : `${authors.unknown.map(formatContributor).join(", ")} map${authors.unknown.length === 1 ? "s" : ""} to nobody in \`people\``;
    const effect = {
      deny: "the policy denies that (unknownAuthor: deny)",
      extra: "every sign-off rule asks for one more independent human (unknownAuthor: extra)",
      allow: "the policy allows that (unknownAuthor: allow)",
    }[context.policy.unknownAuthor];
    return [
      {
        rule: this.name,
        status: context.policy.unknownAuthor === "deny" ? "fail" : "warning",
        reason: `${who}; ${effect}. Add the e-mail to a person in .countersign/policy.yml on the target branch`,
        commits: [...new Set(authors.unknown.flatMap((contributor) => contributor.commits))],
        files: [],
        missing: null,
      },
    ];
  },
};
