// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceAmendmentStatement,
  CODE_REVIEW_PREDICATE_TYPE,
  type CodeReviewStatement,
  digestChangeRecord,
  type MachineSigner,
  type MachineStatementBody,
  toChangeRecord,
  type VerifiedEnvelope,
} from "../attestation/index.ts";
import type { AssistanceRecord } from "../attribution/index.ts";
import { type Sha256, sha256Hex, toUtf8 } from "../ids/index.ts";
import type { LogEntry, LogEntryKind } from "./log-entry.ts";

/** One piece of evidence that a log can take in, already verified. */
export type LoggablePiece =
  | { readonly type: "envelope"; readonly envelope: VerifiedEnvelope }
  | {
      readonly type: "machine";
      readonly object: Sha256;
      readonly said: MachineStatementBody;
      readonly signer: LoggedMachine;
    }
  | { readonly type: "record"; readonly object: Sha256; readonly record: AssistanceRecord };

/** A machine as its envelope names it: a key stands in the policy, where the log does not look. */
export type LoggedMachine =
  | { readonly kind: "ed25519"; readonly keyid: Sha256 }
  | Extract<MachineSigner, { readonly kind: "sigstore" }>;

/** SHA-256 of the stored bytes, which is the piece's name. */
export function toPieceName(piece: LoggablePiece): Sha256 {
  return piece.type === "envelope" ? piece.envelope.digest : piece.object;
}

/** What the log says of a piece of evidence. `loggedAt` is RFC 3339 UTC seconds by the log's clock. */
export function toLogEntry(piece: LoggablePiece, loggedAt: string): LogEntry {
  if (piece.type === "record") {
    return { ...EMPTY, kind: "assistance", loggedAt, object: piece.object, commit: piece.record.commit };
  }
  if (piece.type === "machine") {
    return { ...EMPTY, ...machineMembers(piece.said, piece.signer), loggedAt, object: piece.object };
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

function machineMembers(said: MachineStatementBody, signer: LoggedMachine) {
  const { predicateType } = said;
  if (said.kind === "assistance")
    return { kind: "assistance" as const, predicateType, commit: said.record.commit };
  // What a summary says is a pass, in words that other tools read.
  if (said.kind === "summary")
    return { kind: "verdict" as const, predicateType, commit: said.commit, decision: "pass" };
  const fingerprint = signer.kind === "ed25519" ? signer.keyid : `${signer.issuer} ${signer.subject}`;
  const members = { predicateType, signer: blindSigner(said.predicate.nonce, fingerprint) };
  if (said.kind === "deployment") {
    const { commits, verdict: decision } = said.predicate;
    return { ...members, kind: "deployment" as const, commit: commits.head, decision };
  }
  const { head: commit, change, verdict: decision } = said.predicate;
  const record = change === null ? null : digestChangeRecord(toChangeRecord(change));
  return { ...members, kind: "verdict" as const, commit, change: record, decision };
}
