// SPDX-License-Identifier: Apache-2.0
import { formatInstant, parseInstant } from "../../attestation/instant.ts";
import type { ChangeFacts, CommitFacts } from "../change.ts";
import type { Policy, SignOffRequirement } from "../policy.ts";
import { isWithin } from "./find-principal.ts";
import type { JudgedSignOff } from "./judged-sign-off.ts";

export interface SignOffContext {
  readonly policy: Policy;
  readonly facts: ChangeFacts;
  readonly judged: readonly JudgedSignOff[];
  /** Seconds since the epoch. */
  readonly evaluatedAt: number;
}

/** Why a standing approval does not count for this one requirement; undefined where it counts. */
export function findRequirementFault(
  context: SignOffContext,
  requirement: SignOffRequirement,
  judged: JudgedSignOff,
): string | undefined {
  if (!judged.isValid || judged.person === null) return judged.reason;
  return (
    findRoleFault(context, requirement.role, judged.person.id) ??
    findLoggedRoleFault(context, requirement.role, judged) ??
    findKeyFault(requirement, judged) ??
    findCarryFault(requirement, judged) ??
    findAgeFault(context, requirement, judged)
  );
}

/** Undefined where the person holds the role now. */
export function findRoleFault(
  context: Pick<SignOffContext, "policy" | "evaluatedAt">,
  roleId: string,
  personId: string,
): string | undefined {
  const memberships =
    context.policy.roles.get(roleId)?.members.filter((member) => member.person === personId) ?? [];
  if (memberships.length === 0) return `${personId} does not hold the role ${roleId}`;
  if (!memberships.some((member) => isWithin(member, context.evaluatedAt))) {
    return `${personId} does not hold the role ${roleId} now (see from/until in the policy)`;
  }
  return undefined;
}

/** A role is needed when the sign-off came into the log and when it is used: given or taken in between, it does not count (T35). */
function findLoggedRoleFault(
  { policy }: Pick<SignOffContext, "policy">,
  roleId: string,
  { answer: { loggedAt }, person }: JudgedSignOff,
): string | undefined {
  if (loggedAt == null || person === null) return undefined;
  if (findRoleFault({ policy, evaluatedAt: loggedAt }, roleId, person.id) === undefined) return undefined;
  return `${person.id} did not hold the role ${roleId} at ${formatInstant(loggedAt)}, when this was logged`;
}

function findKeyFault(requirement: SignOffRequirement, judged: JudgedSignOff): string | undefined {
  if (requirement.keys === "any") return undefined;
  if (!judged.answer.publicKey.startsWith("sk-"))
    return "the rule asks for a hardware key (sk-…), this signature is by a plain key";
  return judged.answer.isTouched ? undefined : "the hardware key was not touched for this signature";
}

function findCarryFault(requirement: SignOffRequirement, judged: JudgedSignOff): string | undefined {
  if (judged.answer.cover !== "carried") return undefined;
  const { carryOver } = requirement;
  if (carryOver.kind === "never")
    return "the rule does not carry sign-offs over to a new base (carryOver: never)";
  if (carryOver.kind === "unless" && judged.answer.baseClasses.includes(carryOver.className)) {
    return `the new base also touched ${carryOver.className} (carryOver: "unless: ${carryOver.className}")`;
  }
  return undefined;
}

function findAgeFault(
  context: SignOffContext,
  requirement: SignOffRequirement,
  judged: JudgedSignOff,
): string | undefined {
  const issuedAt = parseInstant(judged.answer.predicate.issuedAt);
  const age = context.evaluatedAt - issuedAt;
  if (requirement.maxAge !== null && age > requirement.maxAge) {
    return `${Math.floor(age / 3600)} h old; the rule accepts at most ${requirement.maxAge / 3600} h (maxAge)`;
  }
  if (requirement.minReviewTime === null) return undefined;
  const newest = Math.max(...listSigned(context, judged).map((commit) => commit.committedAt));
  const taken = issuedAt - newest;
  return taken < requirement.minReviewTime
    ? `signed ${taken} s after the newest commit's date; the rule asks for ${requirement.minReviewTime} s of review (minReviewTime)`
    : undefined;
}

/** Commits that the signer could see: the merge or squash that lands them later is no new work to review. */
function listSigned({ facts }: SignOffContext, { answer }: JudgedSignOff): readonly CommitFacts[] {
  const byId = new Map(facts.commits.map((commit) => [commit.id, commit]));
  const { head } = answer.predicate.change;
  if (!byId.has(head)) return facts.commits;
  const signed = new Set<CommitFacts>();
  const queue = [head];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const commit = byId.get(id);
    if (commit === undefined || signed.has(commit)) continue;
    signed.add(commit);
    queue.push(...commit.parents);
  }
  return [...signed];
}
