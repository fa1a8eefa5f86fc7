// SPDX-License-Identifier: Apache-2.0
import { CODE_REVIEW_PREDICATE_TYPE, type CodeReviewPredicate } from "@countersign/core/attestation";

/** What an unverified envelope says it is about. Decides only whether verifying it is worth the time, never anything else. */
export interface Peek {
  readonly decision: CodeReviewPredicate["decision"];
  readonly change: CodeReviewPredicate["change"];
  readonly expiresAt: string | null;
  readonly revokes: CodeReviewPredicate["revokes"];
}

/**
 * Reads an envelope's payload without checking anything. Undefined for whatever is not plainly a code review: such an
 * envelope is verified like any other, so that what is wrong with it gets reported.
 */
export function peekStatement(bytes: Uint8Array): Peek | undefined {
  try {
    const { payload } = JSON.parse(Buffer.from(bytes).toString("utf8"));
    const { predicateType, predicate } = JSON.parse(Buffer.from(payload, "base64").toString("utf8"));
    const isReview =
      predicateType === CODE_REVIEW_PREDICATE_TYPE && typeof predicate.change.target === "string";
    return isReview ? predicate : undefined;
  } catch {
    return undefined;
  }
}
