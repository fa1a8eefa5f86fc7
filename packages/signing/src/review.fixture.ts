// SPDX-License-Identifier: Apache-2.0
import {
  type CodeReviewPredicate,
  formatRawStatement,
  type RawStatement,
  toCodeReviewStatement,
} from "@countersign/core/attestation";

// A review for tests; no product code imports this file.

export const TEST_REVIEW: CodeReviewPredicate = {
  decision: "approve",
  principal: "senior",
  role: "senior",
  change: {
    repository: "https://git.example/acme/shop",
    target: "refs/heads/main",
    mergeBase: "1".repeat(40),
    mergeBaseTree: "2".repeat(40),
    head: "3".repeat(40),
    headTree: "4".repeat(40),
    contentDigest: "7".repeat(64),
    policyDigest: "5".repeat(64),
    objectFormat: "sha1",
  },
  changeKind: "change",
  nonce: "000102030405060708090a0b0c0d0e0f",
  issuedAt: "2026-03-01T12:00:00Z",
  expiresAt: null,
  method: "ssh",
  reason: "read line by line",
  revokes: [],
};

export const TEST_STATEMENT: RawStatement = toCodeReviewStatement(TEST_REVIEW);
export const TEST_PAYLOAD: Uint8Array = formatRawStatement(TEST_STATEMENT);
