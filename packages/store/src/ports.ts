// SPDX-License-Identifier: Apache-2.0

/**
 * Objects by path: `/`-separated segments of letters, digits and `._-`, none of which begins with a dot. A reader sees a
 * whole object or none, never a part, whatever crashes.
 */
export interface LedgerObjects {
  readonly get: (path: string) => Promise<Uint8Array | undefined>;
  /** Durable once it resolves. Throws StoreError OBJECT_CHANGED where other bytes stand under the path already. */
  readonly put: (path: string, bytes: Uint8Array) => Promise<void>;
  /** Like `put`, but durable only after the next `sync`: for what staging still holds. */
  readonly putLazily: (path: string, bytes: Uint8Array) => Promise<void>;
  /** Writes over what may stand there; durable only after the next `sync`. */
  readonly replaceLazily: (path: string, bytes: Uint8Array) => Promise<void>;
  /** Makes everything that was written before durable. */
  readonly sync: () => Promise<void>;
  /** Does nothing where there is no such object. */
  readonly remove: (path: string) => Promise<void>;
  /** Names of the objects directly under a folder, in any order. */
  readonly list: (folder: string) => Promise<readonly string[]>;
}

/** What a register holds, and which writing of it that was: equal bytes written twice are two versions. */
export interface LockValue {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/**
 * A register with compare-and-swap, shared by every writer: it alone decides which of two writers was first. Every change
 * is durable once it resolves. A call that throws may or may not have happened: reload before going on.
 */
export interface LedgerLock {
  readonly fetch: () => Promise<LockValue | undefined>;
  /** False where the register holds something already. */
  readonly create: (bytes: Uint8Array) => Promise<boolean>;
  /**
   * False where the register no longer holds that version. The value is seen by nobody, and survives no crash, before `ready` has
   * resolved, which makes durable what the value speaks of; where that throws, nothing has happened.
   */
  readonly replace: (old: LockValue, bytes: Uint8Array, ready?: () => Promise<void>) => Promise<boolean>;
}

/** Where a ledger can be read. A get throws StoreError STORE_UNUSABLE where it cannot tell whether there is such an object. */
export interface LedgerSource {
  /** For messages: a folder, an address without credentials, or a ref. */
  readonly name: string;
  /** A copy that somebody makes from time to time: it may be behind the log. */
  readonly isMirror?: boolean;
  readonly objects: Pick<LedgerObjects, "get">;
  readonly lock: Pick<LedgerLock, "fetch">;
}

/** Where a ledger lives. */
export interface LedgerBackend extends LedgerSource {
  readonly objects: LedgerObjects;
  readonly lock: LedgerLock;
}
