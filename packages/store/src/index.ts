// SPDX-License-Identifier: Apache-2.0
export { openFolderBackend } from "./folder-backend.ts";
export {
  createLedger,
  type LedgerWriter,
  openLedgerWriter,
  type SignCheckpoint,
  type WriterKeys,
  type WriterState,
} from "./ledger-writer.ts";
export { type MemoryState, openMemoryBackend } from "./memory-backend.ts";
export type { LedgerBackend, LedgerLock, LedgerObjects, LockValue } from "./ports.ts";
export { CHECKPOINT_PATH, COSIGNED_PATH, publishCheckpoint, recover } from "./publish.ts";
export type { StagedFile } from "./staging.ts";
export { StoreError, type StoreErrorCode } from "./store-error.ts";
