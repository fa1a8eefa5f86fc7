// SPDX-License-Identifier: Apache-2.0
export {
  type AttributedBlame,
  type AttributedLine,
  type BlameRequest,
  blameFile,
} from "./blame/blame-file.ts";
export { createOriginLookup } from "./blame/origin-lookup.ts";
export { parseBlame } from "./blame/parse-blame.ts";
export { compact } from "./capture/compact.ts";
export { findAncestors } from "./capture/find-ancestors.ts";
export { findWorkTree, placeFile, type WorkTreePlace } from "./capture/find-work-tree.ts";
export type { JournalEntry } from "./capture/journal-entry.ts";
export { type Loss, readLosses, writeLoss } from "./capture/losses.ts";
export { findMisplaced, listAside, type Misplaced } from "./capture/make-ready.ts";
export { type ReadWorkingState, readWorkingState } from "./capture/read-working-state.ts";
export { type Clock, recordEvent } from "./capture/record-event.ts";
export { recorderFolder } from "./capture/recorder-folder.ts";
export { releaseLock, takeLock } from "./capture/take-lock.ts";
export { MOST_TOUCHED } from "./capture/touched-paths.ts";
export type { PathState, SeenGap, WorkingState } from "./capture/working-state.ts";
export { type Active, readActive } from "./commit/active.ts";
export { beginRecording, isRecording } from "./commit/begin-recording.ts";
export { type CommitFiles, commitFiles } from "./commit/commit-files.ts";
export { type Flush, flushPresence } from "./commit/flush-presence.ts";
export { toRepository } from "./commit/hook-repository.ts";
export { HOOK_SETTINGS } from "./commit/hook-settings.ts";
export { findCommentChar, readMessage, replaceMessage } from "./commit/message-file.ts";
export { type PrepareRequest, prepareCommit } from "./commit/prepare-commit.ts";
export { readEmission } from "./commit/read-emission.ts";
export { type CountedFile, countAddedLines } from "./derive/count-lines.ts";
export { type Derivation, deriveRecords } from "./derive/derive-records.ts";
export {
  RECONCILE_BATCH,
  type Reconciled,
  reconcileCommits,
  writeReconciled,
} from "./derive/reconcile.ts";
export type { CommitIdentity } from "./records/findings.ts";
export { type JoinedCommit, joinRecords } from "./records/join-records.ts";
export { addRecord, readKnownCommits } from "./records/read-known-commits.ts";
export {
  type ReadRecordsOptions,
  type RecordedCommit,
  readRecordedCommits,
  readRecords,
} from "./records/read-records.ts";
export {
  findRecordSources,
  hasSources,
  RECORDING_REFS,
  type RecordSources,
  toRecordSources,
} from "./records/record-sources.ts";
export type { PendingFile, PendingWork } from "./status/pending-work.ts";
export { readPendingWork } from "./status/read-pending-work.ts";
