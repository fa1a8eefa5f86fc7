// SPDX-License-Identifier: Apache-2.0
export { type MemoryState, openMemoryBackend } from "./memory-backend.ts";
export type { LedgerBackend, LedgerLock, LedgerObjects, LockValue } from "./ports.ts";
export { StoreError, type StoreErrorCode } from "./store-error.ts";
