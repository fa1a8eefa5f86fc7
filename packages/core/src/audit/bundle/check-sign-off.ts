// SPDX-License-Identifier: Apache-2.0
import { CODE_REVIEW_PREDICATE_TYPE, type CodeReviewPredicate } from "../../attestation/index.ts";
import type { Sha256 } from "../../ids/index.ts";
import { findPrincipalByKey } from "../../policy/index.ts";
import type { ShippedChange, ShippedSignOff } from "../report/shipped-change.ts";
import type { AuditBundle } from "./audit-bundle.ts";
import type { CheckedEntries } from "./check-entries.ts";
import type { CheckedEvidence, CheckedStatement } from "./check-evidence.ts";
import type { CheckedHistory } from "./check-history.ts";

/** A statement of a person about a change, as it was signed. */
export interface SignedReview {
  readonly predicate: CodeReviewPredicate;
  readonly publicKey: string;
  readonly isTouched: boolean;
}

export interface SignOffContext {
  readonly report: AuditBundle["report"];
  readonly entries: CheckedEntries;
  readonly evidence: CheckedEvidence;
  readonly history: CheckedHistory;
}

export function toReview(checked: CheckedStatement | undefined): SignedReview | undefined {
  if (checked?.by !== "person") return undefined;
  const { statement, signer } = checked.envelope;
  const { publicKey, isTouched } = signer;
  return statement.predicateType === CODE_REVIEW_PREDICATE_TYPE
    ? { predicate: statement.predicate, publicKey, isTouched }
    : undefined;
}

/** What a report shows of a sign-off, against what was signed. */
export function findSignOffFaults(
  context: SignOffContext,
  change: ShippedChange,
  signOff: ShippedSignOff,
): readonly string[] {
  const { evidence, report } = context;
  if (!evidence.names.has(signOff.envelope)) return ["its statement is not in this bundle"];
  const checked = evidence.statements.get(signOff.envelope);
  if (checked === undefined) return findUnseenFaults(context, signOff);
  const review = toReview(checked);
  if (review === undefined) return ["what it names is no review by a person"];
  const { predicate } = review;
  return [
    ...differ("decision", signOff.decision, predicate.decision),
    ...differ("issuedAt", signOff.issuedAt, predicate.issuedAt),
    ...(report.isPseudonymous ? [] : findNameFaults(context, change, signOff, review)),
    ...(signOff.counted ? findBindingFaults(context, change, signOff, predicate) : []),
  ];
}

/** Withheld, redacted, or a fault that was named already: the log's leaf still says what kind of statement it is. */
function findUnseenFaults(
  { entries }: SignOffContext,
  { envelope, decision }: ShippedSignOff,
): readonly string[] {
  const logged = entries.byObject.get(envelope)?.entry;
  return logged === undefined ? [] : differ("decision", decision, logged.decision);
}

function findNameFaults(
  { evidence }: SignOffContext,
  change: ShippedChange,
  signOff: ShippedSignOff,
  { predicate, publicKey }: SignedReview,
): readonly string[] {
  const policy = evidence.policies.get(change.policyDigest ?? "");
  return [
    ...differ("role", signOff.role, predicate.role),
    ...differ("comment", signOff.comment, predicate.reason?.toWellFormed() ?? null),
    ...(policy === undefined
      ? ["the policy that it was judged by is not in this bundle"]
      : differ("person", signOff.person, findPrincipalByKey(policy, publicKey)?.person.id ?? null)),
  ];
}

/** What counts was signed for this change: its place, its policy, its base and the tree that landed. */
function findBindingFaults(
  { report, evidence, history }: SignOffContext,
  change: ShippedChange,
  { decision, cover }: ShippedSignOff,
  { change: signed }: CodeReviewPredicate,
): readonly string[] {
  const policy = evidence.policies.get(change.policyDigest ?? "");
  const faults = [
    ...differ("target", report.target, signed.target),
    ...differ("policy", change.policyDigest, signed.policyDigest),
    ...(policy === undefined ? [] : differ("repository", policy.repository, signed.repository)),
  ];
  if (decision !== "approve" && decision !== "override") return faults;
  if (cover === "none") return [...faults, "it counts, and covers nothing"];
  const isSameBase = signed.mergeBase === change.base;
  const landing = history.commitsOf(change)?.[0];
  if (cover === "exact")
    return [
      ...faults,
      ...differ("base", change.base, signed.mergeBase),
      ...(landing === undefined ? [] : differ("tree", landing.tree, signed.headTree)),
    ];
  return isSameBase ? [...faults, `called ${cover}, and it was signed on the base of this change`] : faults;
}

/** Approvals that a statement in the bundle takes back: by name, else all of the signer's earlier ones of the same change. */
export function listRevoked({ statements }: CheckedEvidence): ReadonlySet<Sha256> {
  const revoked = new Set<Sha256>();
  const reviews = [...statements].flatMap(([name, checked]) => {
    const review = toReview(checked);
    return review === undefined ? [] : [{ name, ...review }];
  });
  const revokes = reviews.filter(({ predicate }) => predicate.decision === "revoke");
  if (revokes.length === 0) return revoked;
  for (const { predicate, publicKey } of revokes)
    for (const other of reviews)
      if (other.publicKey === publicKey && isTakenBack(other, predicate)) revoked.add(other.name);
  return revoked;
}

function isTakenBack(
  { name, predicate }: { readonly name: Sha256; readonly predicate: CodeReviewPredicate },
  revoke: CodeReviewPredicate,
): boolean {
  if (revoke.revokes.length > 0) return revoke.revokes.includes(name);
  const [signed, withdrawn] = [predicate.change, revoke.change];
  return (
    predicate.issuedAt <= revoke.issuedAt &&
    signed.repository === withdrawn.repository &&
    signed.target === withdrawn.target &&
    signed.mergeBase === withdrawn.mergeBase &&
    signed.headTree === withdrawn.headTree
  );
}

export function differ(name: string, shown: string | null, said: string | null): readonly string[] {
  return shown === said
    ? []
    : [`${name} is ${JSON.stringify(shown)}, the statement says ${JSON.stringify(said)}`];
}
