// SPDX-License-Identifier: Apache-2.0

/**
 * Every way in which core can refuse bytes or values from the outside.
 * Grouped by the module that throws it; callers branch on the code, never on the message.
 */
export type CoreErrorCode =
  | "OBJECT_ID_MALFORMED"
  | "REF_NAME_MALFORMED"
  | "ENCODING_MALFORMED"
  | "TRAILER_MALFORMED"
  | "POLICY_INVALID"
  | "EXPRESSION_INVALID"
  | "ENVELOPE_MALFORMED"
  | "STATEMENT_MALFORMED"
  | "SIGNATURE_MALFORMED"
  | "SIGNATURE_INVALID"
  | "SIGNER_UNKNOWN"
  | "PREDICATE_UNKNOWN"
  | "KEY_MALFORMED"
  | "RECORD_MALFORMED"
  | "RECORD_VERSION_UNKNOWN"
  | "NOTE_MALFORMED"
  | "NOTE_VERSION_UNKNOWN"
  | "LOG_ENTRY_MALFORMED"
  | "TILE_MALFORMED"
  | "SIGNED_NOTE_MALFORMED"
  | "CHECKPOINT_MALFORMED"
  | "PROOF_MALFORMED"
  | "PROOF_INVALID"
  | "QUORUM_MISSING"
  | "BUNDLE_MALFORMED"
  | "ADMISSION_MALFORMED"
  | "PLAN_MALFORMED";

/** A malformed or unverifiable input. Callers stop and report; retrying cannot help. */
export class CoreError extends Error {
  readonly code: CoreErrorCode;
  constructor(code: CoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CoreError";
    this.code = code;
  }
}
