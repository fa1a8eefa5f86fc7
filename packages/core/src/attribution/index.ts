// SPDX-License-Identifier: Apache-2.0
export * from "./agent-event.ts";
export * from "./assistance-record.ts";
export * from "./attribute-lines.ts";
export * from "./attribute-moved.ts";
export * from "./attributed-text.ts";
export { carry } from "./carry.ts";
export { diffLines } from "./diff-lines.ts";
export { findKept } from "./find-kept.ts";
export * from "./fingerprint.ts";
export * from "./foreign/index.ts";
export * from "./git-ai/index.ts";
export type { LineHunk } from "./line-hunk.ts";
export { countOwnBytes, isSignificant } from "./line-words.ts";
export * from "./match-fingerprints.ts";
export * from "./origin.ts";
export { measureLikeness, pairEdited } from "./pair-edited.ts";
export * from "./record/index.ts";
export { shareWords } from "./share-words.ts";
