// SPDX-License-Identifier: Apache-2.0
export { type AttributedLine, type BlameRequest, blameFile } from "./blame/blame-file.ts";
export { type Derivation, deriveRecords } from "./derive/derive-records.ts";
export type { CommitIdentity } from "./records/findings.ts";
export { readKnownCommits } from "./records/read-known-commits.ts";
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
