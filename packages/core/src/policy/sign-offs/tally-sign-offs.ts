// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "../../ids/index.ts";
import type { SignOffRequirement } from "../policy.ts";
import type { Missing } from "../verdict.ts";
import { toAuthorSet } from "./author-set.ts";
import { findRequirementFault, findRoleFault, type SignOffContext } from "./consider-sign-off.ts";
import { isWithin } from "./find-principal.ts";
import type { JudgedSignOff } from "./judged-sign-off.ts";

/** How one requirement stands against the sign-offs that there are. */
export interface Tally {
  /** Distinct humans needed, the extra one for an unknown author included. */
  readonly needed: number;
  /** Distinct humans whose sign-offs count for at least one commit, sorted. */
  readonly signers: readonly string[];
  /** Commits that fewer than `needed` humans vouch for. */
  readonly uncovered: readonly ObjectId[];
  readonly missing: Missing | null;
  readonly rejections: readonly JudgedSignOff[];
  /** Fault per approval that did not count, by envelope. */
  readonly faults: ReadonlyMap<string, string>;
}

/**
 * Counts distinct humans per commit, so that a commit slipped in after signing is not covered by its neighbours
 * (T27), and two keys of one person fill one seat (T12). `minimum` is the requirement's count plus any extra.
 */
export function tallySignOffs(context: SignOffContext, requirement: SignOffRequirement): Tally {
  const approvals = context.judged.filter((judged) => judged.answer.predicate.decision === "approve");
  const faults = new Map<string, string>();
  const counted: JudgedSignOff[] = [];
  for (const approval of approvals) {
    const fault = findRequirementFault(context, requirement, approval);
    if (fault === undefined) counted.push(approval);
    else faults.set(approval.answer.envelope, fault);
  }
  const needed = requirement.count + countExtraSeats(context);
  const uncovered = context.facts.commits
    .filter((commit) => !commit.viaSignOff && countSigners(counted, commit.id) < needed)
    .map((commit) => commit.id);
  const signers = toSigners(counted);
  const gap = Math.max(
    0,
    needed - signers.length,
    ...uncovered.map((id) => needed - countSigners(counted, id)),
  );
  return {
    needed,
    signers,
    uncovered,
    missing:
      gap === 0
        ? null
        : {
            role: requirement.role,
            count: gap,
            candidates: listCandidates(context, requirement, (id) => isSpent(id, counted, uncovered)),
          },
    rejections: findRejections(context),
    faults,
  };
}

/** An author whom the policy cannot name might be the signer: one more independent human is asked (T14). */
export function countExtraSeats(context: SignOffContext): 0 | 1 {
  if (context.policy.unknownAuthor !== "extra") return 0;
  const authors = toAuthorSet(context.policy, context.facts);
  return authors.unknown.length > 0 || authors.isNobody ? 1 : 0;
}

/** Standing rejections by anybody who could have approved under some rule; deny wins. */
export function findRejections(context: SignOffContext): readonly JudgedSignOff[] {
  const roles = context.policy.rules.flatMap((rule) =>
    rule.effect.kind === "sign-off" ? [rule.effect.role] : [],
  );
  if (context.policy.policyChange !== null) roles.push(context.policy.policyChange.role);
  return context.judged.filter(
    ({ answer, person, isValid }) =>
      isValid &&
      person !== null &&
      answer.predicate.decision === "reject" &&
      roles.some((role) => findRoleFault(context, role, person.id) === undefined),
  );
}

function countSigners(counted: readonly JudgedSignOff[], commit: ObjectId): number {
  return toSigners(counted.filter(({ answer }) => answer.covers === "all" || answer.covers.has(commit)))
    .length;
}

function toSigners(counted: readonly JudgedSignOff[]): readonly string[] {
  return [...new Set(counted.flatMap(({ person }) => (person === null ? [] : [person.id])))].sort();
}

function listCandidates(
  context: SignOffContext,
  requirement: SignOffRequirement,
  isSpentFor: (id: string) => boolean,
): readonly string[] {
  const authors = toAuthorSet(context.policy, context.facts).known;
  const members = context.policy.roles.get(requirement.role)?.members ?? [];
  const candidates = members
    .filter((member) => isWithin(member, context.evaluatedAt) && !authors.has(member.person))
    .map((member) => member.person)
    .filter((id) => isActiveHuman(context, id) && !isSpentFor(id));
  return [...new Set(candidates)].sort();
}

/** Whoever vouches for every commit that lacks somebody fills their seat already: signing again would change nothing. */
function isSpent(id: string, counted: readonly JudgedSignOff[], uncovered: readonly ObjectId[]): boolean {
  const own = counted.filter(({ person }) => person?.id === id);
  return own.length > 0 && uncovered.every((commit) => countSigners(own, commit) > 0);
}

function isActiveHuman(context: SignOffContext, id: string): boolean {
  const person = context.policy.people.get(id);
  return person !== undefined && person.kind === "human" && isWithin(person, context.evaluatedAt);
}
