// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceAmendmentStatement,
  CODE_REVIEW_PREDICATE_TYPE,
  type CodeReviewStatement,
  digestChangeRecord,
  toChangeRecord,
  type VerifiedEnvelope,
} from "../attestation/index.ts";
import type { AssistanceRecord } from "../attribution/index.ts";
import { type Sha256, sha256Hex, toUtf8 } from "../ids/index.ts";
import type { LogEntry, LogEntryKind } from "./log-entry.ts";

/** One piece of evidence that a log can take in, already verified. */
export type LoggablePiece =
  | { readonly type: "envelope"; readonly envelope: VerifiedEnvelope }
  | { readonly type: "record"; readonly object: Sha256; readonly record: AssistanceRecord };

/** What the log says of a piece of evidence. `loggedAt` is RFC 3339 UTC seconds by the log's clock. */
export function toLogEntry(piece: LoggablePiece, loggedAt: string): LogEntry {
  if (piece.type === "record") {
    return { ...EMPTY, kind: "assistance", loggedAt, object: piece.object, commit: piece.record.commit };
  }
  const { digest, statement, signer } = piece.envelope;
  return {
    ...EMPTY,
    ...(isReview(statement) ? reviewMembers(statement) : amendmentMembers(statement)),
    loggedAt,
    object: digest,
    predicateType: statement.predicateType,
    signer: blindSigner(statement.predicate.nonce, signer.fingerprint),
  };
}

const EMPTY = {
  version: 1,
  predicateType: null,
  commit: null,
  change: null,
  decision: null,
  signer: null,
  redacts: null,
} as const;

/**
 * A signer's name in the leaf. The nonce stands in the envelope only: whoever holds that sees that the leaf is about
 * this key, and whoever does not cannot even tell two entries of one person.
 */
export function blindSigner(nonce: string, fingerprint: string): Sha256 {
  return sha256Hex(toUtf8(`countersign/signer/v1\n${nonce}\n${fingerprint}`));
}

const KIND_OF_DECISION: Readonly<Record<CodeReviewStatement["predicate"]["decision"], LogEntryKind>> = {
  approve: "sign-off",
  reject: "rejection",
  revoke: "revocation",
  override: "override",
};

function isReview(statement: VerifiedEnvelope["statement"]): statement is CodeReviewStatement {
  return statement.predicateType === CODE_REVIEW_PREDICATE_TYPE;
}

function reviewMembers({ predicate }: CodeReviewStatement) {
  const { decision, change } = predicate;
  return {
    kind: KIND_OF_DECISION[decision],
    commit: change.head,
    change: digestChangeRecord(toChangeRecord(change)),
    decision,
  };
}

function amendmentMembers({ commit }: AssistanceAmendmentStatement) {
  return { kind: "amendment" as const, commit };
}
