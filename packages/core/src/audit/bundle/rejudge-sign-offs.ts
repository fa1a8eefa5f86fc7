// SPDX-License-Identifier: Apache-2.0
import { parseInstant } from "../../attestation/index.ts";
import { CoreError, type Sha256 } from "../../ids/index.ts";
import {
  asOf,
  type Contributor,
  findRoleFault,
  type JudgedSignOff,
  judgeSignOffs,
  type Policy,
  type SignOffAnswer,
  toPolicyRequirement,
} from "../../policy/index.ts";
import type { ShippedChange, ShippedSignOff } from "../report/shipped-change.ts";
import { type SignedReview, type SignOffContext, toReview } from "./check-sign-off.ts";
import type { ProvedCommit } from "./read-commit-object.ts";

/** A sign-off that the report counts, or a seat that it calls filled, and that is none by the rules of the gate. */
export interface Misjudged {
  readonly envelope: Sha256 | null;
  readonly message: string;
}

/**
 * Judges the people behind a change anew, by the gate's own rules: whose key, valid and active when, in which role, author or not. What takes
 * the repository to see (which commits a signature covers, which rules apply) is left as the report has it.
 */
export function rejudgeSignOffs(
  context: SignOffContext,
  change: ShippedChange,
  logKey: string | undefined,
): readonly Misjudged[] {
  const policy = context.evidence.policies.get(change.policyDigest ?? "");
  // A policy that names another log was judged by that one's clock, which is not here.
  if (policy === undefined || isOfAnotherLog(policy, logKey)) return [];
  const answers = change.signOffs.flatMap((signOff) => toAnswer(context, policy, signOff));
  const evaluatedAt = toSeconds(change.judgedAt);
  if (evaluatedAt === undefined)
    return [{ envelope: null, message: `judgedAt is no time: ${change.judgedAt}` }];
  const contributors = listContributors(context.history.commitsOf(change) ?? [], answers);
  const judged = judgeSignOffs(policy, { contributors }, asOf(answers, evaluatedAt, policy), evaluatedAt);
  const counted = new Set(change.signOffs.filter((one) => one.counted).map(({ envelope }) => envelope));
  const refused = judged.flatMap((one) => {
    const fault = counted.has(one.answer.envelope) ? findFault(policy, evaluatedAt, one) : undefined;
    return fault === undefined
      ? []
      : [{ envelope: one.answer.envelope, message: `counted, although: ${fault}` }];
  });
  return [...refused, ...findEmptySeats(policy, evaluatedAt, change, judged)];
}

function isOfAnotherLog({ ledger }: Policy, logKey: string | undefined): boolean {
  return ledger !== null && logKey !== undefined && ledger.verifierKey.trim() !== logKey.trim();
}

function toSeconds(text: string): number | undefined {
  try {
    return parseInstant(text);
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}

function toAnswer(
  { evidence, entries }: SignOffContext,
  { ledger }: Policy,
  { envelope, cover }: ShippedSignOff,
): readonly SignOffAnswer[] {
  const review: SignedReview | undefined = toReview(evidence.statements.get(envelope));
  if (review === undefined) return [];
  const logged = entries.byObject.get(envelope)?.entry.loggedAt;
  const absent = ledger?.required === true ? null : undefined;
  const loggedAt = ledger === null || logged === undefined ? absent : parseInstant(logged);
  return [{ envelope, ...review, cover, coverReason: cover, covers: "all", loggedAt, baseClasses: [] }];
}

/** Whoever wrote what was signed. Who merged or squashed it later added nothing, and may well be the signer. */
function listContributors(
  own: readonly ProvedCommit[],
  answers: readonly SignOffAnswer[],
): readonly Contributor[] {
  const byId = new Map(own.map((commit) => [commit.id, commit]));
  const signed = new Set<ProvedCommit>();
  const queue = answers.map(({ predicate }) => predicate.change.head);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const commit = byId.get(id);
    if (commit === undefined || signed.has(commit)) continue;
    signed.add(commit);
    queue.push(...commit.parents);
  }
  return [...signed]
    .filter(({ parents }) => parents.length < 2)
    .map(({ id, author }) => ({
      identity: author,
      login: null,
      as: ["author"],
      isService: false,
      commits: [id],
    }));
}

function findFault(policy: Policy, evaluatedAt: number, judged: JudgedSignOff): string | undefined {
  if (!judged.isValid || judged.person === null) return judged.reason;
  if (judged.answer.predicate.decision !== "approve") return undefined;
  const roles = listRoles(policy);
  return roles.some((role) => holdsRole(policy, role, evaluatedAt, judged))
    ? undefined
    : `${judged.person.id} held no role that the policy asks for`;
}

function listRoles(policy: Policy): readonly string[] {
  const asked = policy.rules.flatMap(({ effect }) => (effect.kind === "sign-off" ? [effect.role] : []));
  const owners = toPolicyRequirement(policy);
  return owners === null ? asked : [...asked, owners.role];
}

/** Needed when the log took the sign-off in and when it was used. */
function holdsRole(
  policy: Policy,
  role: string,
  evaluatedAt: number,
  { answer, person }: JudgedSignOff,
): boolean {
  if (person === null) return false;
  const times = answer.loggedAt == null ? [evaluatedAt] : [evaluatedAt, answer.loggedAt];
  return times.every((at) => findRoleFault({ policy, evaluatedAt: at }, role, person.id) === undefined);
}

/** A rule that is called kept needs as many people as it says, each with the role. */
function findEmptySeats(
  policy: Policy,
  evaluatedAt: number,
  { conditions, signOffs }: ShippedChange,
  judged: readonly JudgedSignOff[],
): readonly Misjudged[] {
  const approvals = judged.filter(
    ({ answer, isValid }) => isValid && answer.predicate.decision === "approve" && answer.cover !== "none",
  );
  // What is withheld or redacted may be what filled a seat.
  if (signOffs.some(({ envelope }) => !judged.some(({ answer }) => answer.envelope === envelope))) return [];
  return conditions.flatMap(({ rule, status }) => {
    const effect = policy.rules.find(({ id }) => id === rule)?.effect;
    if (status !== "pass" || effect?.kind !== "sign-off") return [];
    const people = new Set(
      approvals
        .filter((one) => holdsRole(policy, effect.role, evaluatedAt, one))
        .map(({ person }) => person?.id),
    );
    if (people.size >= effect.count) return [];
    const message = `${rule} is called kept; it asks for ${effect.count} by ${effect.role}, and statements of ${people.size} are here`;
    return [{ envelope: null, message }];
  });
}
