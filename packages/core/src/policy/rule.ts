// SPDX-License-Identifier: Apache-2.0
import type { ChangeFacts } from "./change.ts";
import type { PolicyFacts } from "./facts/policy-facts.ts";
import type { Policy } from "./policy.ts";
import type { JudgedSignOff } from "./sign-offs/judged-sign-off.ts";
import type { Finding } from "./verdict.ts";

/** Everything a rule may look at. */
export interface RuleContext {
  readonly policy: Policy;
  readonly facts: ChangeFacts;
  /** The same facts as expressions see them. */
  readonly policyFacts: PolicyFacts;
  readonly judged: readonly JudgedSignOff[];
  /** Seconds since the epoch; the only clock there is. */
  readonly evaluatedAt: number;
}

/** One question to a change. It sees no other rule's answer, so the order of rules cannot matter. */
export interface Rule {
  readonly name: string;
  /** No finding means that the rule has nothing to say about this change. */
  evaluate(context: RuleContext): readonly Finding[];
}
