// SPDX-License-Identifier: Apache-2.0
import { formatInstant, parseInstant } from "../../attestation/instant.ts";
import type { ChangeFacts } from "../change.ts";
import type { Person, PersonKey, Policy } from "../policy.ts";
import type { SignOffAnswer } from "../sign-off-answer.ts";
import { type AuthorSet, formatContributor, toAuthorSet } from "./author-set.ts";
import { findPrincipalByKey, isWithin } from "./find-principal.ts";
import type { JudgedSignOff } from "./judged-sign-off.ts";

/** A statement may claim to be this much younger than our clock before it counts as dated in the future (T64). */
export const CLOCK_TOLERANCE_SECONDS = 300;

interface Judgement {
  readonly policy: Policy;
  readonly authors: AuthorSet;
  readonly answers: readonly SignOffAnswer[];
  /** Seconds since the epoch; the only time that anything is judged at without a ledger. */
  readonly evaluatedAt: number;
}

/** Judges every statement by what holds for all rules; roles, ages and counts are each rule's own. */
export function judgeSignOffs(
  policy: Policy,
  facts: Pick<ChangeFacts, "contributors">,
  answers: readonly SignOffAnswer[],
  evaluatedAt: number,
): readonly JudgedSignOff[] {
  const judgement = { policy, authors: toAuthorSet(policy, facts), answers, evaluatedAt };
  return answers.map((answer) => judge(judgement, answer));
}

function judge(judgement: Judgement, answer: SignOffAnswer): JudgedSignOff {
  const signer = findPrincipalByKey(judgement.policy, answer.publicKey);
  if (signer === undefined) {
    return {
      answer,
      person: null,
      isValid: false,
      reason: "signed with a key that belongs to nobody in the policy",
    };
  }
  const fault =
    findLogFault(judgement, answer) ??
    findSignerFault(judgement, answer, signer.person, signer.key) ??
    findTimeFault(judgement, answer) ??
    findCoverFault(answer) ??
    findWithdrawal(judgement, answer) ??
    findAuthorFault(judgement, answer, signer.person);
  return { answer, person: signer.person, isValid: fault === undefined, reason: fault ?? answer.coverReason };
}

/**
 * Only what gives somebody a right has to be in the log: a rejection or revocation that was kept out of it must not be lost
 * with it.
 */
function findLogFault(
  { evaluatedAt }: Judgement,
  { loggedAt, predicate }: SignOffAnswer,
): string | undefined {
  const isGrant = predicate.decision === "approve" || predicate.decision === "override";
  if (loggedAt === null && isGrant)
    return "not in the ledger, which the policy requires; log it with: countersign ledger append";
  if (loggedAt == null || loggedAt <= evaluatedAt + CLOCK_TOLERANCE_SECONDS) return undefined;
  return `logged in the future (${formatInstant(loggedAt)}); check the clocks of the ledger and of this gate`;
}

function findSignerFault(
  judgement: Judgement,
  answer: SignOffAnswer,
  person: Person,
  key: PersonKey,
): string | undefined {
  const { predicate } = answer;
  if (person.kind !== "human") return `${person.id} is a ${person.kind}; only humans sign off`;
  if (predicate.principal !== person.id)
    return `the statement claims to be ${predicate.principal}'s, but the key is ${person.id}'s`;
  // The log's own time, where there is one: whoever left since had the right to sign, and a date that a statement claims
  // for itself gives it to nobody (T34).
  const { loggedAt } = answer;
  const at = loggedAt ?? judgement.evaluatedAt;
  const [be, when] =
    loggedAt == null ? ["is", "now"] : ["was", `at ${formatInstant(at)}, when this was logged`];
  if (!isWithin(key, at))
    return `${person.id}'s key ${be} not valid ${when} (see from/until of the key in the policy)`;
  if (!isWithin(person, at))
    return `${person.id} ${be} not active ${when} (see from/until of the person in the policy)`;
  if (predicate.method !== "ssh")
    return `method ${predicate.method} needs the forge's own evidence, which is not here`;
  return undefined;
}

function findTimeFault(judgement: Judgement, answer: SignOffAnswer): string | undefined {
  const issuedAt = parseInstant(answer.predicate.issuedAt);
  const { loggedAt } = answer;
  if (issuedAt > (loggedAt ?? judgement.evaluatedAt) + CLOCK_TOLERANCE_SECONDS) {
    return `issued in the future (${answer.predicate.issuedAt}); check the signer's clock and sign again`;
  }
  const expiresAt = answer.predicate.expiresAt;
  // The later of the two clocks: one that was set back revives nothing.
  if (expiresAt !== null && parseInstant(expiresAt) <= Math.max(judgement.evaluatedAt, loggedAt ?? 0))
    return `expired at ${expiresAt}`;
  return undefined;
}

function findCoverFault(answer: SignOffAnswer): string | undefined {
  return answer.cover === "none" ? answer.coverReason : undefined;
}

/**
 * The signer's own last word wins. Order is by the times the signer put into the signed statements, which only the
 * signer could have chosen; at the same second the stricter statement wins.
 */
function findWithdrawal(judgement: Judgement, answer: SignOffAnswer): string | undefined {
  const { predicate } = answer;
  if (predicate.decision === "revoke") return undefined;
  for (const other of judgement.answers) {
    if (other === answer || other.publicKey === undefined || !isSameSigner(judgement.policy, other, answer))
      continue;
    const isLater =
      compareTimes(other, answer) > 0 ||
      (compareTimes(other, answer) === 0 &&
        STRICTNESS[other.predicate.decision] > STRICTNESS[predicate.decision]);
    if (other.predicate.decision === "revoke" && isRevokedBy(answer, other, isLater)) {
      return `revoked at ${other.predicate.issuedAt}${other.predicate.reason === null ? "" : `: ${other.predicate.reason}`}`;
    }
    const isReplaced =
      isLater && other.cover !== "none" && REPLACES[other.predicate.decision].includes(predicate.decision);
    if (isReplaced)
      return `replaced by the same signer's ${other.predicate.decision} of ${other.predicate.issuedAt}`;
  }
  return undefined;
}

const STRICTNESS = { override: 0, approve: 1, reject: 2, revoke: 3 } as const;
const REPLACES: Readonly<Record<SignOffAnswer["predicate"]["decision"], readonly string[]>> = {
  approve: ["reject"],
  reject: ["approve", "override"],
  revoke: [],
  override: [],
};

function isRevokedBy(answer: SignOffAnswer, revoke: SignOffAnswer, isLater: boolean): boolean {
  if (revoke.predicate.revokes.length > 0) return revoke.predicate.revokes.includes(answer.envelope);
  const signed = answer.predicate.change;
  const withdrawn = revoke.predicate.change;
  const isSameChange =
    signed.repository === withdrawn.repository &&
    signed.target === withdrawn.target &&
    signed.mergeBase === withdrawn.mergeBase &&
    signed.headTree === withdrawn.headTree;
  return isLater && (isSameChange || (revoke.cover !== "none" && answer.cover !== "none"));
}

function isSameSigner(policy: Policy, a: SignOffAnswer, b: SignOffAnswer): boolean {
  const first = findPrincipalByKey(policy, a.publicKey)?.person.id;
  return first !== undefined && first === findPrincipalByKey(policy, b.publicKey)?.person.id;
}

function compareTimes(a: SignOffAnswer, b: SignOffAnswer): number {
  return parseInstant(a.predicate.issuedAt) - parseInstant(b.predicate.issuedAt);
}

/** Authors may reject or revoke what they wrote; they may not approve it, nor let it through by break-glass (T10, T11, T57). */
function findAuthorFault(judgement: Judgement, answer: SignOffAnswer, person: Person): string | undefined {
  const { decision } = answer.predicate;
  if (decision !== "approve" && decision !== "override") return undefined;
  if (decision === "override" && judgement.policy.enforcement === "soft") return undefined;
  const contributor = judgement.authors.known.get(person.id);
  if (contributor === undefined) return undefined;
  const commits = contributor.commits.slice(0, 3).map((id) => id.slice(0, 12));
  const where =
    commits.length === 0 ? "" : ` of ${commits.join(", ")}${contributor.commits.length > 3 ? ", …" : ""}`;
  return `${person.id} is ${contributor.as.join(" and ")}${where} (${formatContributor(contributor)}) and cannot sign off their own change`;
}
