// SPDX-License-Identifier: Apache-2.0
import type { RuleDefinition, SignOffRequirement } from "../policy.ts";
import type { Rule, RuleContext } from "../rule.ts";
import type { SignOffContext } from "../sign-offs/consider-sign-off.ts";
import type { JudgedSignOff } from "../sign-offs/judged-sign-off.ts";
import { type Tally, tallySignOffs } from "../sign-offs/tally-sign-offs.ts";
import type { Finding } from "../verdict.ts";

/** A rule whose `when` already held: asks for sign-offs by a role. */
export function requireSignOff(definition: RuleDefinition & { readonly effect: SignOffRequirement }): Rule {
  return {
    name: definition.id,
    evaluate: (context: RuleContext) => [findSignOffs(context, definition.id, definition.effect)],
  };
}

/** The finding of one sign-off requirement, also used by the built-in rules. */
export function findSignOffs(
  context: SignOffContext,
  rule: string,
  requirement: SignOffRequirement,
): Finding {
  const tally = tallySignOffs(context, requirement);
  const rejection = tally.rejections[0];
  const files = context.facts.files.map((file) => file.path);
  if (rejection !== undefined) {
    return {
      rule,
      status: "fail",
      reason: formatRejection(rejection),
      commits: [context.facts.head],
      files,
      missing: null,
    };
  }
  const status = tally.missing === null ? "pass" : "pending";
  const commits = tally.missing === null ? context.facts.commits.map((commit) => commit.id) : tally.uncovered;
  return { rule, status, reason: formatTally(tally, requirement), commits, files, missing: tally.missing };
}

function formatRejection(rejection: JudgedSignOff): string {
  const { issuedAt, reason } = rejection.answer.predicate;
  return `rejected by ${rejection.person?.id} at ${issuedAt}${reason === null ? "" : `: ${reason}`}`;
}

function formatTally(tally: Tally, requirement: SignOffRequirement): string {
  const plural = (count: number) => `${count} sign-off${count === 1 ? "" : "s"}`;
  const seats =
    tally.missing === null
      ? `${plural(tally.signers.length)} by ${requirement.role}`
      : `${tally.signers.length} of ${plural(tally.needed)} by ${requirement.role}`;
  const by = tally.signers.length === 0 ? "" : ` (${tally.signers.join(", ")})`;
  const extra =
    tally.needed > requirement.count
      ? "; one more than the rule says because an author maps to nobody in `people`"
      : "";
  if (tally.missing === null) return `${seats}${by}, ${tally.needed} needed${extra}`;
  const partly =
    tally.signers.length >= tally.needed
      ? `; ${tally.uncovered.length} commit(s) were not part of what was signed`
      : "";
  const who =
    tally.missing.candidates.length === 0
      ? `nobody left can sign: ${requirement.role} has no active member who is not an author of this change`
      : `${tally.missing.count} more needed`;
  return `${seats}${by}${partly}${extra}; ${who}${formatFaults(tally)}`;
}

function formatFaults(tally: Tally): string {
  const faults = [...new Set(tally.faults.values())];
  return faults.length === 0 ? "" : `. Not counted: ${faults.join("; ")}`;
}
