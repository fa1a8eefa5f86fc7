// SPDX-License-Identifier: Apache-2.0
import type { SignOffRequirement } from "./policy.ts";
import type { RuleContext } from "./rule.ts";
import { findHeldCommits } from "./rules/find-held-commits.ts";
import { toPolicyRequirement } from "./rules/policy-change.ts";
import { findRequirementFault } from "./sign-offs/consider-sign-off.ts";
import type { JudgedSignOff } from "./sign-offs/judged-sign-off.ts";
import { findRejections } from "./sign-offs/tally-sign-offs.ts";
import type { Finding, SignOffOutcome } from "./verdict.ts";

/** What became of every statement: whether it counted for any rule, and if not, why. */
export function toSignOffOutcomes(
  context: RuleContext,
  findings: readonly Finding[],
): readonly SignOffOutcome[] {
  const requirements = listRequirements(context, findings);
  const rejections = new Set(findRejections(context));
  return [...context.judged].sort(compareSigned).map((judged) => {
    const { answer, person } = judged;
    return {
      principal: person?.id ?? null,
      decision: answer.predicate.decision,
      ...toAnswer(context, judged, requirements, rejections),
      envelope: answer.envelope,
      cover: answer.cover,
      issuedAt: answer.predicate.issuedAt,
    };
  });
}

/** By person, then by their own dates: a set has no order of its own, and equal reports must read equally. */
function compareSigned(a: JudgedSignOff, b: JudgedSignOff): number {
  const key = ({ answer, person }: JudgedSignOff) =>
    `${person?.id ?? ""} ${answer.predicate.issuedAt} ${answer.envelope}`;
  return key(a) < key(b) ? -1 : 1;
}

type Counted = Pick<SignOffOutcome, "counted" | "reason">;

function toAnswer(
  context: RuleContext,
  judged: JudgedSignOff,
  requirements: readonly SignOffRequirement[],
  rejections: ReadonlySet<JudgedSignOff>,
): Counted {
  const { decision } = judged.answer.predicate;
  if (!judged.isValid) return { counted: false, reason: judged.reason };
  if (decision === "reject" && !rejections.has(judged)) {
    return {
      counted: false,
      reason: `${judged.person?.id ?? "the signer"} holds no role whose rejection counts here`,
    };
  }
  if (decision !== "approve") return { counted: true, reason: judged.reason };
  if (requirements.length === 0)
    return { counted: false, reason: `${judged.reason}; no rule asks for a sign-off of this change` };
  const faults = requirements.map((requirement) => findRequirementFault(context, requirement, judged));
  const isCounted = faults.some((fault) => fault === undefined);
  return { counted: isCounted, reason: isCounted ? judged.reason : [...new Set(faults)].join("; ") };
}

/** Requirements that apply to this change: rules whose `when` holds, and the one for a change of the policy. */
function listRequirements(context: RuleContext, findings: readonly Finding[]): readonly SignOffRequirement[] {
  const { policy } = context;
  const all = policy.rules.flatMap((rule) =>
    rule.effect.kind === "sign-off" ? [{ rule, effect: rule.effect }] : [],
  );
  const active = all
    .filter(({ rule }) => findHeldCommits(context, rule, rule.when).holds)
    .map(({ effect }) => effect);
  if (!findings.some((finding) => finding.rule === "policy-change")) return active;
  const owners = toPolicyRequirement(policy);
  return owners === null ? active : [...active, owners];
}
