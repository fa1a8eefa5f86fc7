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
export {
  createNoteKey,
  type NoteSigner,
  PUBLIC_FILE,
  readNoteKey,
  readVerifierKey,
  signNoteText,
} from "./log-key.ts";
export { type MemoryState, openMemoryBackend } from "./memory-backend.ts";
export { holdsLedger, nameBucket, openBackend, readBucket } from "./open-backend.ts";
export type { LedgerBackend, LedgerLock, LedgerObjects, LedgerSource, LockValue } from "./ports.ts";
export { CHECKPOINT_PATH, COSIGNED_PATH, publishCheckpoint, recover } from "./publish.ts";
export { publishCosigned } from "./publish-cosigned.ts";
export { type Continuation, checkContinuation, type SeenCheckpoint } from "./reader/check-continuation.ts";
export type { Ledger, LoggedEntry } from "./reader/ledger.ts";
export { objectPath } from "./reader/object-path.ts";
export { type OpenLedgerOptions, openLedger } from "./reader/open-ledger.ts";
export type { StagedFile } from "./staging.ts";
export { type ErrorEvidence, StoreError, type StoreErrorCode } from "./store-error.ts";
export { verifyEd25519 } from "./verify-ed25519.ts";
