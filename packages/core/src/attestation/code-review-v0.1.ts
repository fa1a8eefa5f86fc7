// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { Json, ObjectId, Sha256 } from "../ids/index.ts";
import { type ChangeRecord, digestChangeRecord } from "./change-record.ts";
import { parseInstant } from "./instant.ts";
import {
  changeMembers,
  instantField,
  isOneObjectFormat,
  nonceField,
  objectIdField,
  principalField,
  reasonField,
  sha256Field,
} from "./predicate-fields.ts";
import { readShape } from "./read-shape.ts";
import { type RawStatement, type Subject, verifySubjects } from "./statement.ts";

export const CODE_REVIEW_PREDICATE_TYPE = "https://countersign.dev/code-review/v0.1";

/** What a principal says about exactly one change (specs/code-review.md). */
export interface CodeReviewPredicate {
  readonly decision: "approve" | "reject" | "revoke" | "override";
  /** Principal id and role as the signer claims them; the key decides, not the claim. */
  readonly principal: string;
  readonly role: string | null;
  readonly change: {
    readonly repository: string;
    readonly target: string;
    readonly mergeBase: ObjectId;
    readonly mergeBaseTree: ObjectId;
    readonly head: ObjectId;
    readonly headTree: ObjectId;
    readonly contentDigest: Sha256;
    readonly policyDigest: Sha256;
    readonly objectFormat: "sha1" | "sha256";
  };
  readonly changeKind: "change" | "policy" | "override";
  /** 128 random bits, lower-case hex: two statements never have equal bytes by accident. */
  readonly nonce: string;
  /** RFC 3339 UTC with seconds, such as 2026-03-01T12:00:00Z. */
  readonly issuedAt: string;
  readonly expiresAt: string | null;
  readonly method: "ssh" | "forge-review";
  readonly reason: string | null;
  /** Envelopes that a revoke withdraws; empty means all of the signer's earlier statements about this change. */
  readonly revokes: readonly Sha256[];
}

export interface CodeReviewStatement {
  readonly predicateType: typeof CODE_REVIEW_PREDICATE_TYPE;
  readonly predicate: CodeReviewPredicate;
}

// Strict: v0.1 names every member. A reader that skipped an unknown one could count an approval whose condition it
// did not understand; a new member is a new predicate version.
const predicateSchema = z
  .strictObject({
    decision: z.enum(["approve", "reject", "revoke", "override"]),
    principal: principalField,
    role: principalField.nullable(),
    change: z
      .strictObject({ ...changeMembers, head: objectIdField })
      .refine(isOneObjectFormat, "expected every object id in the change's object format"),
    changeKind: z.enum(["change", "policy", "override"]),
    nonce: nonceField,
    issuedAt: instantField,
    expiresAt: instantField.nullable(),
    method: z.enum(["ssh", "forge-review"]),
    reason: reasonField.nullable(),
    revokes: z.array(sha256Field).max(256),
  })
  .refine(isExpiryAfterIssue, { path: ["expiresAt"], error: "expected a time after issuedAt" })
  .refine(isRevokingOnlyInRevoke, {
    path: ["revokes"],
    error: "expected none unless the decision is revoke, each once",
  });

/** Throws CoreError STATEMENT_MALFORMED unless predicate and subjects agree about which change is meant. */
export function parseCodeReview(statement: RawStatement): CodeReviewStatement {
  const predicate = readShape(predicateSchema, statement.predicate, "code-review");
  verifySubjects(statement.subject, toSubjects(predicate.change));
  return { predicateType: CODE_REVIEW_PREDICATE_TYPE, predicate };
}

/** The statement to sign; throws CoreError STATEMENT_MALFORMED on what {@link parseCodeReview} would refuse. */
export function toCodeReviewStatement(predicate: CodeReviewPredicate): RawStatement {
  const checked = readShape(predicateSchema, predicate, "code-review");
  return {
    subject: toSubjects(checked.change),
    predicateType: CODE_REVIEW_PREDICATE_TYPE,
    predicate: checked as unknown as Json,
  };
}

/** The change record that a statement's change stands for; the head commit is not part of it. */
export function toChangeRecord(change: CodeReviewPredicate["change"]): ChangeRecord {
  const { head: _head, ...record } = change;
  return { version: 1, ...record };
}

function toSubjects(change: CodeReviewPredicate["change"]): readonly Subject[] {
  return [
    { name: "head", digest: { gitCommit: change.head } },
    { name: "tree", digest: { gitTree: change.headTree } },
    { name: "change", digest: { sha256: digestChangeRecord(toChangeRecord(change)) } },
  ];
}

function isExpiryAfterIssue(predicate: {
  readonly issuedAt: string;
  readonly expiresAt: string | null;
}): boolean {
  return predicate.expiresAt === null || parseInstant(predicate.expiresAt) > parseInstant(predicate.issuedAt);
}

function isRevokingOnlyInRevoke(predicate: {
  readonly decision: string;
  readonly revokes: readonly string[];
}): boolean {
  const { decision, revokes } = predicate;
  return (decision === "revoke" || revokes.length === 0) && new Set(revokes).size === revokes.length;
}
