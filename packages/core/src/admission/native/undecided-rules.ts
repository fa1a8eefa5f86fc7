// SPDX-License-Identifier: Apache-2.0
import type { Policy } from "../../policy/index.ts";

/** A part of the policy that an API server cannot decide by itself, and why. */
export interface UndecidedRule {
  readonly rule: string;
  /** One line, for people. */
  readonly reason: string;
}

const NOT_IN_OBJECT = "asks about the change and its commits, which no object carries";
const SIGN_OFFS = "asks for sign-offs, which stand in the repository's evidence";

/**
 * Everything that the policy demands and CEL in an API server cannot know: it sees an object, its old version and one list that somebody
 * else keeps, no repository, and nothing that somebody signed.
 */
export function findUndecided(policy: Policy): readonly UndecidedRule[] {
  const rules = policy.rules.map(({ id, effect }) => ({
    rule: id,
    reason: effect.kind === "sign-off" ? SIGN_OFFS : NOT_IN_OBJECT,
  }));
  const states = (["signalled", "unknown", "undeclared"] as const)
    .filter((name) => policy[name] === "deny")
    .map((rule) => ({ rule, reason: NOT_IN_OBJECT }));
  const after = [...policy.environments.values()]
    .filter((environment) => environment.after !== null)
    .map(({ id, after: before }) => ({
      rule: `deployments.${id}`,
      reason: `asks whether the same ran in ${before} before, which stands in the records of deployments`,
    }));
  return [BUILT, ...rules, ...states, ...after];
}

/** Of every policy, one without a rule included: the gate has demands of its own. */
const BUILT: UndecidedRule = {
  rule: "deploy check",
  reason: "asks from which commit an image was built, and whether the gate let it land",
};
