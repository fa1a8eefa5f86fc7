// SPDX-License-Identifier: Apache-2.0
import type { ChangeFacts } from "./change.ts";
import type { ChangeView } from "./facts/policy-facts.ts";
import { toPolicyFacts } from "./facts/to-policy-facts.ts";
import type { Policy } from "./policy.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { attributionWarnings } from "./rules/attribution-warnings.ts";
import { applyOverride } from "./rules/break-glass.ts";
import { contradictoryClaim } from "./rules/contradictory-claim.ts";
import { gitAttributes } from "./rules/git-attributes.ts";
import { incompleteHistory } from "./rules/incomplete-history.ts";
import { noChanges } from "./rules/no-changes.ts";
import { policyChange } from "./rules/policy-change.ts";
import { breakGlassReview } from "./rules/post-review.ts";
import { signalled } from "./rules/signalled.ts";
import { suspiciousPath } from "./rules/suspicious-path.ts";
import { tooLarge } from "./rules/too-large.ts";
import { undeclared } from "./rules/undeclared.ts";
import { unknownAuthor } from "./rules/unknown-author.ts";
import { unknownProvenance } from "./rules/unknown-provenance.ts";
import { userRule } from "./rules/user-rule.ts";
import type { JudgedSignOff } from "./sign-offs/judged-sign-off.ts";
import { toSignOffOutcomes } from "./to-sign-off-outcomes.ts";
import type { Decision, Finding, SignOffOutcome } from "./verdict.ts";

export interface PolicyQuestion {
  readonly policy: Policy;
  readonly facts: ChangeFacts;
  readonly judged: readonly JudgedSignOff[];
  /** Seconds since the epoch. */
  readonly evaluatedAt: number;
}

export interface Evaluation {
  readonly verdict: Decision;
  /** Worst first, then by rule: the same list whatever order the rules stand in. */
  readonly findings: readonly Finding[];
  readonly signOffs: readonly SignOffOutcome[];
  /** The facts that the expressions saw. */
  readonly change: ChangeView & Readonly<Record<string, unknown>>;
}

const BUILT_IN: readonly Rule[] = [
  incompleteHistory,
  tooLarge,
  contradictoryClaim,
  signalled,
  unknownProvenance,
  undeclared,
  unknownAuthor,
  policyChange,
  breakGlassReview,
  suspiciousPath,
  gitAttributes,
  attributionWarnings,
  noChanges,
];

/** Judges a change. Pure: the same question always gets the same answer. */
export function evaluatePolicy(question: PolicyQuestion): Evaluation {
  return evaluateContext({ ...question, policyFacts: toPolicyFacts(question.facts, question.policy) });
}

/** Judges a change whose facts for expressions are given; tests of a policy state them directly. */
export function evaluateContext(context: RuleContext): Evaluation {
  const rules = [...BUILT_IN, ...context.policy.rules.map(userRule)];
  const raw = rules.flatMap((rule) => rule.evaluate(context));
  const findings = enforce(context.policy, applyOverride(context, raw)).toSorted(compareFindings);
  return {
    verdict: toDecision(findings),
    findings,
    signOffs: toSignOffOutcomes(context, raw),
    change: { ...context.policyFacts.change },
  };
}

/** The verdict of findings: every rule must hold, so the worst finding decides. */
export function toDecision(findings: readonly Finding[]): Decision {
  const has = (status: Finding["status"]) => findings.some((finding) => finding.status === status);
  if (has("error")) return "error";
  if (has("fail")) return "denied";
  return has("pending") ? "pending" : "pass";
}

const DECISIONS: readonly Decision[] = ["pass", "pending", "denied", "error"];

/** The verdict of several changes that land together; `pass` for none. */
export function worstDecision(decisions: readonly Decision[]): Decision {
  return DECISIONS[Math.max(0, ...decisions.map((decision) => DECISIONS.indexOf(decision)))] ?? "error";
}

/** `enforcement: warn` says what would have happened and lets it pass; what could not be told stays an error. */
function enforce(policy: Policy, findings: readonly Finding[]): readonly Finding[] {
  if (policy.enforcement !== "warn") return findings;
  return findings.map((finding) => {
    if (finding.status !== "fail" && finding.status !== "pending") return finding;
    const verb = finding.status === "fail" ? "would be denied" : "would wait";
    return { ...finding, status: "warning", reason: `${verb} (enforcement: warn): ${finding.reason}` };
  });
}

const SEVERITY: Readonly<Record<Finding["status"], number>> = {
  error: 0,
  fail: 1,
  pending: 2,
  warning: 3,
  pass: 4,
  skipped: 5,
};

function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITY[a.status] - SEVERITY[b.status] || compareText(a.rule, b.rule) || compareText(a.reason, b.reason)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
