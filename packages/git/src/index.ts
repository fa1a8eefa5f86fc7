// SPDX-License-Identifier: Apache-2.0
export { type BlameCall, blameLines, blameLinesAt } from "./blame-lines.ts";
export * from "./commit-trees.ts";
export { diffTreePairs, type TreePair } from "./diff-tree-pairs.ts";
export { digestBlobs } from "./digest-blobs.ts";
export {
  EVIDENCE_REF,
  type EvidenceSet,
  MAX_ENVELOPE_BYTES,
  PUSHES_REF,
  readEvidenceSet,
} from "./evidence-set.ts";
export { type EvidenceProblem, readEvidenceTree } from "./evidence-tree.ts";
export { GITLINK, SYMLINK } from "./file-mode.ts";
export { findFiltered } from "./find-filtered.ts";
export { type Fork, findForks, readForkChanges } from "./find-forks.ts";
export { GitError, type GitErrorCode } from "./git-error.ts";
export {
  countCommits,
  findUnrelated,
  isAncestor,
  listCommitIds,
  listCommitsTouching,
  mergeBases,
} from "./history.ts";
export { keepVersions, VERSIONS_PREFIX, versionRef } from "./keep-versions.ts";
export { listNotes } from "./list-notes.ts";
export { listRecords, RECORDS_REF, type RecordFile } from "./list-records.ts";
export { listTree, type TreeEntry } from "./list-tree.ts";
export { mergeNotes, type NotesMerge } from "./merge-notes.ts";
export { findLostRecords, mergeRecords } from "./merge-records.ts";
export { mergeInto, mergeTrees, withMerges } from "./merge-trees.ts";
export { GIT_AI_NOTES_REF } from "./note-path.ts";
export { formatIdentity } from "./notes-commit.ts";
export { type CommitFiles, openFiles } from "./open-files.ts";
export { openRepository } from "./open-repository.ts";
export { parseCommit } from "./parse-commit.ts";
export { diffTrees, readChanges, readCommitsWithChanges } from "./read-changes.ts";
export { readCommitBatches, readCommits } from "./read-commits.ts";
export {
  DEFAULT_MAX_BYTES,
  findCommits,
  parseBatch,
  type ReadObject,
  readFileAt,
  readObjects,
  readSizes,
} from "./read-objects.ts";
export {
  type FileSide,
  type ParentedChange,
  readParentedChanges,
} from "./read-parented-changes.ts";
export {
  type RemergedCommit,
  readRemergedCommits,
} from "./read-remerged-commits.ts";
export {
  emptyTree,
  readIndexBlobs,
  readStaged,
  STAGED_OPTIONS,
  type StagedChange,
  type ToldStaged,
} from "./read-staged.ts";
export {
  readStatus,
  readWorkTreeStatus,
  type StatusEntry,
  type StatusRequest,
  type WorkTreeStatus,
} from "./read-status.ts";
export { readTreesTo } from "./read-trees-to.ts";
export {
  branchesAt,
  defaultBranch,
  listRefs,
  listSymbolicRefs,
  type Ref,
  readRef,
  readReflog,
  readSymbolicRef,
  resolveCommit,
  snapshotRefs,
} from "./refs.ts";
export { type PathInTree, resolvePaths } from "./resolve-paths.ts";
export { withScratchObjects, writeScratchCommit } from "./scratch-objects.ts";
export {
  addSetting,
  hooksDirectory,
  hooksPathScope,
  isTracked,
  listRemotes,
  parseSettings,
  readHooksPaths,
  readSetting,
  readSettings,
  readSettingsMatching,
  removeSetting,
} from "./settings.ts";
export { shallowBoundary } from "./shallow-boundary.ts";
export { type Refused, swapUntilDone } from "./swap-ref.ts";
export {
  evidenceTrackingRef,
  fetchEvidence,
  fetchedEvidence,
  hasUnsharedEvidence,
  pushEvidence,
  SHARED_EVIDENCE,
  SHARED_NOTES,
  SHARED_RECORDS,
} from "./sync-evidence.ts";
export {
  compareMirrors,
  fetchMirror,
  type MirrorState,
  pushMirror,
} from "./sync-mirror.ts";
export {
  fetchedTips,
  fetchShared,
  findUnshared,
  pushShared,
  type SharedRef,
  trackingRef,
} from "./sync-refs.ts";
export * from "./types.ts";
export {
  addEvidence,
  type EvidenceWrite,
  findLostEvidence,
  isEvidenceSuperset,
  mergeEvidence,
} from "./write-evidence.ts";
export {
  LEDGER_REF,
  type MirrorFile,
  type MirrorPlan,
  type MirrorWrite,
  writeMirror,
} from "./write-mirror.ts";
export { type NewNote, type NotesWrite, type NoteWriteOptions, writeNotes } from "./write-notes.ts";
export { addRecords, type NewRecord, type RecordWrite } from "./write-records.ts";
