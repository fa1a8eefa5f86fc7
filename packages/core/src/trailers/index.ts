// SPDX-License-Identifier: Apache-2.0
export { appendTrailers, type MessageFormat } from "./append-trailers.ts";
export * from "./assistance.ts";
export type { Emission } from "./emission.ts";
export { formatAssistanceTrailer, type TrailerClaim } from "./format-trailer.ts";
export { type AiIdentity, isAiIdentity, isServiceIdentity, type ServiceIdentity } from "./identities.ts";
export type { TrailerIdentity } from "./identity-value.ts";
export { type LintResult, lintCommitMessage } from "./lint-message.ts";
export { toModelName } from "./model-name.ts";
export { type CommitInput, type ParsedMessage, parseCommitMessage, toCommitState } from "./parse-message.ts";
export { RECORD_REFS, REGISTRY_VERSION } from "./registry.ts";
export { findVendor, toToolName } from "./tool-name.ts";
export { type CommitEvidence, type RecordedEvidence, withRecords } from "./with-records.ts";
