// SPDX-License-Identifier: Apache-2.0
export * from "./change.ts";
export { type ContentAnswer, classifyContent } from "./classify/classify-content.ts";
export {
  classifyFile,
  type FileClasses,
  type FileSide,
  isLfsPointer,
  isMediaName,
} from "./classify/classify-file.ts";
export { asksForImpact, asksForTested, withImpactClasses } from "./classify/classify-impact.ts";
export { classifyPath } from "./classify/classify-path.ts";
export { CONTENT_DETECTORS } from "./classify/content-detectors.ts";
export { findTwins } from "./classify/find-twins.ts";
export { createLinkMap, type LinkMap, NO_LINKS, resolveLink } from "./classify/link-map.ts";
export * from "./cover-change.ts";
export {
  type Evaluation,
  evaluateContext,
  evaluatePolicy,
  type PolicyQuestion,
  toDecision,
  worstDecision,
} from "./evaluate-policy.ts";
export { type ExplainedRule, explainPolicy, type PolicyExplanation, type Trace } from "./explain-policy.ts";
export { LINE_FACTS } from "./fact-types.ts";
export { hasUnascribed } from "./facts/line-facts.ts";
export type * from "./facts/policy-facts.ts";
export { isAssisted, toPolicyFacts } from "./facts/to-policy-facts.ts";
export { withDefaults } from "./facts/with-defaults.ts";
export * from "./find-machine.ts";
export { findUnmeetable, type Unmeetable } from "./find-unmeetable.ts";
export { findDuration, findMoment, formatDuration } from "./moments.ts";
export { getProfileText, parsePolicy } from "./parse-policy.ts";
export * from "./plan-landings.ts";
export * from "./policy.ts";
export { formatPolicyIssue, PolicyError, type PolicyIssue } from "./policy-error.ts";
export { policyJsonSchema } from "./policy-json-schema.ts";
export {
  BUILT_IN_CLASSES,
  DEFAULT_LIMITS,
  EMISSIONS,
  POLICY_PATH,
  PROFILE_NAMES,
  type ProfileName,
} from "./policy-names.ts";
export type { Rule, RuleContext } from "./rule.ts";
export { toPolicyRequirement } from "./rules/policy-change.ts";
export { type PolicyTestResult, runPolicyTests } from "./run-policy-tests.ts";
export * from "./sign-off-answer.ts";
export * from "./sign-offs/as-of.ts";
export * from "./sign-offs/author-set.ts";
export { findRoleFault } from "./sign-offs/consider-sign-off.ts";
export * from "./sign-offs/find-principal.ts";
export * from "./sign-offs/judge-sign-offs.ts";
export * from "./sign-offs/judged-sign-off.ts";
export { type Simulation, simulatePolicy, type WhatIf } from "./simulate-policy.ts";
export { isTargetRef } from "./target-ref.ts";
export * from "./verdict.ts";
