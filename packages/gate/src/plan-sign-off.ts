// SPDX-License-Identifier: Apache-2.0
import { type CodeReviewPredicate, formatInstant } from "@countersign/core/attestation";
import type { Sha256 } from "@countersign/core/ids";
import {
  evaluatePolicy,
  findPrincipalByKey,
  judgeSignOffs,
  type Person,
  type Policy,
  type SignOffAnswer,
} from "@countersign/core/policy";
import { toWholeLanding } from "./divide-landings.ts";
import type { GateRequest } from "./gate-request.ts";
import { type GatheredChange, gatherChange } from "./gather-change.ts";
import { gatherContext } from "./gather-context.ts";
import { findHistoryProblem, readHistory } from "./read-history.ts";
import { readPolicy } from "./read-policy.ts";

export interface SignOffWish {
  readonly decision: CodeReviewPredicate["decision"];
  /** `<type> <base64>` of the key that will sign. */
  readonly publicKey: string;
  readonly nonce: string;
  readonly reason: string | null;
  /** Seconds until the statement expires, null for never. */
  readonly lifetime: number | null;
  readonly revokes: readonly Sha256[];
}

/** Either the predicate to sign, or why signing it would be pointless: a statement that cannot count is not made. */
export type SignOffPlan =
  | { readonly predicate: CodeReviewPredicate; readonly principal: string; readonly note: string }
  | { readonly refusal: string };

export async function planSignOff(request: GateRequest, wish: SignOffWish): Promise<SignOffPlan> {
  const problem = findHistoryProblem(request.repository);
  if (problem !== undefined) return { refusal: problem };
  const { policy, ...reading } = await readPolicy(request.repository, request);
  if (policy === null) return { refusal: "reason" in reading ? reading.reason : "no policy" };
  const signer = findPrincipalByKey(policy, wish.publicKey);
  if (signer === undefined) return { refusal: explainStranger(wish, request) };
  const history = await readHistory(request.repository, request.base, request.head);
  if (history.mergeBase === undefined)
    return { refusal: "base and head share no history; expected a change made from the target branch" };
  if (history.mergeBase.id === request.head)
    return { refusal: "the target already contains this head; there is nothing to sign" };
  const gathered = await gatherChange(
    await gatherContext(request, { policy, commit: reading.source.commit }, history),
    toWholeLanding(history),
    history.mergeBase,
  );
  const predicate = toPredicate(request, wish, policy, signer.person, gathered);
  return judgeWish(request, wish, policy, gathered, predicate);
}

function explainStranger(wish: SignOffWish, { target }: GateRequest): string {
  return (
    `the key ${wish.publicKey.slice(0, 40)}… belongs to nobody in the policy of ${target}. ` +
    "Expected a key listed under people.<id>.keys in .countersign/policy.yml on the target branch"
  );
}

function toPredicate(
  request: GateRequest,
  wish: SignOffWish,
  policy: Policy,
  person: Person,
  { facts }: GatheredChange,
): CodeReviewPredicate {
  const { version: _version, ...record } = facts.record;
  const isPolicy = facts.files.some((file) => file.classes.includes("policy"));
  return {
    decision: wish.decision,
    principal: person.id,
    role: findRole(policy, person),
    change: { ...record, head: facts.head },
    changeKind: wish.decision === "override" ? "override" : isPolicy ? "policy" : "change",
    nonce: wish.nonce,
    issuedAt: formatInstant(request.evaluatedAt),
    expiresAt: wish.lifetime === null ? null : formatInstant(request.evaluatedAt + wish.lifetime),
    method: "ssh",
    reason: wish.reason,
    revokes: wish.revokes,
  };
}

function findRole(policy: Policy, person: Person): string | null {
  return (
    [...policy.roles.values()].find((role) => role.members.some((member) => member.person === person.id))
      ?.id ?? null
  );
}

/** Asks the gate's own code what the statement would be worth, so that approve and gate can never disagree. */
function judgeWish(
  request: GateRequest,
  wish: SignOffWish,
  policy: Policy,
  { facts, answers }: GatheredChange,
  predicate: CodeReviewPredicate,
): SignOffPlan {
  const isTouched = wish.publicKey.startsWith("sk-");
  const own: SignOffAnswer = {
    envelope: OWN,
    predicate,
    publicKey: wish.publicKey,
    isTouched,
    cover: "exact",
    coverReason: "signed for exactly this change",
    covers: "all",
    baseClasses: [],
  };
  const judged = judgeSignOffs(policy, facts, [...answers, own], request.evaluatedAt);
  const fault = judged.find(({ answer }) => answer === own);
  if (fault !== undefined && !fault.isValid) return { refusal: fault.reason };
  const evaluation = evaluatePolicy({ policy, facts, judged, evaluatedAt: request.evaluatedAt });
  const outcome = evaluation.signOffs.find(({ envelope }) => envelope === OWN);
  // Approving what no rule asks about is allowed and recorded; approving in vain is not.
  const isAsked = evaluation.findings.some((finding) => finding.missing !== null);
  if (outcome?.counted === false && wish.decision === "approve" && isAsked)
    return { refusal: outcome.reason };
  return { predicate, principal: predicate.principal, note: `with it the verdict is ${evaluation.verdict}` };
}

/** Stands for the envelope that does not exist yet; no real digest is this. */
const OWN: Sha256 = "";
