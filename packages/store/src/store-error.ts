// SPDX-License-Identifier: Apache-2.0

/**
 * Ways in which a store, or the log in it, can fail. CONTENDED: another writer was first, reload and retry. LEDGER_FORKED,
 * LEDGER_ROLLED_BACK and LEDGER_DAMAGED: the log is not what it was; keep the evidence, and stop. LEDGER_BEHIND: a mirror lacks what
 * this reader has seen of the log; bring it up to date. All others: stop and repair.
 */
export type StoreErrorCode =
  | "CONTENDED"
  | "OBJECT_CHANGED"
  | "STAGING_DAMAGED"
  | "STORE_UNUSABLE"
  | "LEDGER_MISSING"
  | "LEDGER_BEHIND"
  | "LEDGER_FORKED"
  | "LEDGER_ROLLED_BACK"
  | "LEDGER_DAMAGED";

/** What shows a third party that an error is true: signed notes and proofs, as text. */
export interface ErrorEvidence {
  /** Such as `checkpoint seen before`. */
  readonly label: string;
  readonly text: string;
}

/** A store could not do what was asked, or holds what it must not. Callers branch on `code`; the message says what to do. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly evidence: readonly ErrorEvidence[];
  constructor(
    code: StoreErrorCode,
    message: string,
    options?: ErrorOptions & { readonly evidence?: readonly ErrorEvidence[] },
  ) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
    this.evidence = options?.evidence ?? [];
  }
}
