// SPDX-License-Identifier: Apache-2.0

/**
 * Ways in which a store can fail. CONTENDED: another writer was first, reload and retry; OBJECT_CHANGED: the store holds
 * something else where an immutable object belongs, stop; STAGING_DAMAGED and STORE_UNUSABLE: stop and repair.
 */
export type StoreErrorCode = "CONTENDED" | "OBJECT_CHANGED" | "STAGING_DAMAGED" | "STORE_UNUSABLE";

/** A store could not do what was asked. Callers branch on `code`; the message says what to do. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
  }
}
