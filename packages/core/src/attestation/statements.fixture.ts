// SPDX-License-Identifier: Apache-2.0
import type { AssistanceAmendmentPredicate } from "./assistance-amendment-v0.1.ts";
import type { CodeReviewPredicate } from "./code-review-v0.1.ts";

// Values for tests; no product code imports this file.

export const CHANGE: CodeReviewPredicate["change"] = {
  repository: "https://git.example/acme/shop",
  target: "refs/heads/main",
  mergeBase: "1".repeat(40),
  mergeBaseTree: "2".repeat(40),
  head: "3".repeat(40),
  headTree: "4".repeat(40),
  contentDigest: "7".repeat(64),
  policyDigest: "5".repeat(64),
  objectFormat: "sha1",
};

export const REVIEW: CodeReviewPredicate = {
  decision: "approve",
  principal: "senior",
  role: "senior",
  change: CHANGE,
  changeKind: "change",
  nonce: "000102030405060708090a0b0c0d0e0f",
  issuedAt: "2026-03-01T12:00:00Z",
  expiresAt: null,
  method: "ssh",
  reason: null,
  revokes: [],
};

export const AMENDED = { commit: "3".repeat(40), tree: "4".repeat(40) };

export const AMENDMENT: AssistanceAmendmentPredicate = {
  principal: "author",
  assistance: [{ tool: "claude-code", model: "claude-opus-4-8", extent: "generated" }],
  reason: "the trailer was lost in a squash",
  nonce: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
  issuedAt: "2026-03-02T09:30:00Z",
};
