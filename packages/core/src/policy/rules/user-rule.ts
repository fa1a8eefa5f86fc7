// SPDX-License-Identifier: Apache-2.0
import type { RuleDefinition } from "../policy.ts";
import type { Rule, RuleContext } from "../rule.ts";
import type { Finding } from "../verdict.ts";
import { assertion } from "./assertion.ts";
import { cannotEvaluate } from "./cannot-evaluate.ts";
import { denial } from "./denial.ts";
import { findHeldCommits } from "./find-held-commits.ts";
import { requireSignOff } from "./require-sign-off.ts";

/** A rule of the policy file: asks `when` first, then what the rule is for. */
export function userRule(definition: RuleDefinition): Rule {
  return {
    name: definition.id,
    evaluate(context: RuleContext): readonly Finding[] {
      const held = findHeldCommits(context, definition, definition.when);
      if (held.problem !== null)
        return [cannotEvaluate(definition.id, "when", definition.when, held.problem)];
      if (!held.holds) return [skipped(definition)];
      const { effect } = definition;
      if (effect.kind === "sign-off") return requireSignOff({ ...definition, effect }).evaluate(context);
      if (effect.kind === "deny") return denial(definition, effect, held.commits).evaluate(context);
      return assertion(definition, effect, held.commits).evaluate(context);
    },
  };
}

function skipped(definition: RuleDefinition): Finding {
  const where = definition.scope === "commit" ? " for any commit" : "";
  return {
    rule: definition.id,
    status: "skipped",
    reason: `\`when: ${definition.when}\` does not hold${where}`,
    commits: [],
    files: [],
    missing: null,
  };
}
