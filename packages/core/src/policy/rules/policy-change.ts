// SPDX-License-Identifier: Apache-2.0
import type { Policy, SignOffRequirement } from "../policy.ts";
import type { Rule, RuleContext } from "../rule.ts";
import type { Finding } from "../verdict.ts";
import { findSignOffs } from "./require-sign-off.ts";

/** Class that every policy has: the policy's own files, whatever the spelling of the path. */
export const POLICY_CLASS = "policy";

/**
 * A change of the policy is judged by the policy of the target branch and more strictly than any other: by the
 * strictest seat count there is, AI or not, and never carried over (T28).
 */
export const policyChange: Rule = {
  name: "policy-change",
  evaluate(context: RuleContext): readonly Finding[] {
    const files = context.facts.files
      .filter((file) => file.classes.includes(POLICY_CLASS))
      .map((file) => file.path);
    if (files.length === 0) return [];
    const requirement = toPolicyRequirement(context.policy);
    if (requirement === null) return [noOwner(context, files)];
    return [{ ...findSignOffs(context, this.name, requirement), files }];
  },
};

function noOwner(context: RuleContext, files: readonly string[]): Finding {
  return {
    rule: "policy-change",
    status: "fail",
    reason:
      "the change touches the policy, and the policy names nobody who may change it; " +
      "an administrator adds for example `policyChange: { role: maintainer, count: 1 }` with the gate switched off",
    commits: context.facts.commits.map((commit) => commit.id),
    files,
    missing: null,
  };
}

/** Sign-offs that a change of the policy needs; null where nobody may change it. */
export function toPolicyRequirement(policy: Policy): SignOffRequirement | null {
  const base = {
    kind: "sign-off",
    maxAge: null,
    minReviewTime: null,
    carryOver: { kind: "never" },
    keys: "any",
  } as const;
  if (policy.policyChange !== null) return { ...base, ...policy.policyChange };
  const strictest = policy.rules
    .map((rule) => rule.effect)
    .filter((effect) => effect.kind === "sign-off")
    .sort((a, b) => b.count - a.count || (a.role < b.role ? -1 : 1))[0];
  return strictest === undefined
    ? null
    : { ...base, role: strictest.role, count: strictest.count, keys: strictest.keys };
}
