// SPDX-License-Identifier: Apache-2.0
import { type TracedOperand, traceExpression } from "./cel/trace-expression.ts";
import { type Evaluation, evaluatePolicy, type PolicyQuestion } from "./evaluate-policy.ts";
import type { PolicyFacts } from "./facts/policy-facts.ts";
import { toPolicyFacts } from "./facts/to-policy-facts.ts";
import type { RuleDefinition } from "./policy.ts";
import type { Finding } from "./verdict.ts";

/** What one rule of the policy saw and said. */
export interface ExplainedRule {
  readonly rule: RuleDefinition;
  /** The values that `when` (and `assert`) came from; per commit for rules that look at each, at most 20 of them. */
  readonly traces: readonly Trace[];
  readonly findings: readonly Finding[];
}

export interface Trace {
  readonly part: "when" | "assert";
  /** Null where the rule looks at the change. */
  readonly commit: string | null;
  readonly operands: readonly TracedOperand[];
}

export interface PolicyExplanation extends Evaluation {
  readonly rules: readonly ExplainedRule[];
  /** Findings of the rules that every policy has. */
  readonly builtIn: readonly Finding[];
}

const MAX_COMMITS = 20;

/** The verdict with every value that led to it; pure, so that what it explains is what the gate decides. */
export function explainPolicy(question: PolicyQuestion): PolicyExplanation {
  const evaluation = evaluatePolicy(question);
  const facts = toPolicyFacts(question.facts, question.policy);
  const rules = question.policy.rules.map((rule) => ({
    rule,
    traces: traceRule(rule, facts),
    findings: evaluation.findings.filter((finding) => finding.rule === rule.id),
  }));
  const own = new Set(question.policy.rules.map((rule) => rule.id));
  return { ...evaluation, rules, builtIn: evaluation.findings.filter((finding) => !own.has(finding.rule)) };
}

function traceRule(rule: RuleDefinition, { change }: PolicyFacts): readonly Trace[] {
  const commits = rule.scope === "commit" ? change.commits.slice(0, MAX_COMMITS) : [null];
  const parts: readonly (readonly ["when" | "assert", string])[] =
    rule.effect.kind === "assert"
      ? [
          ["when", rule.when],
          ["assert", rule.effect.expression],
        ]
      : [["when", rule.when]];
  return parts.flatMap(([part, expression]) =>
    commits.map((commit) => ({
      part,
      commit: commit?.id ?? null,
      operands: traceExpression(expression, commit === null ? { change } : { change, commit }),
    })),
  );
}
