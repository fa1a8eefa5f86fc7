// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../ids/index.ts";
import {
  ASSISTANCE_AMENDMENT_PREDICATE_TYPE,
  type AssistanceAmendmentStatement,
  parseAssistanceAmendment,
} from "./assistance-amendment-v0.1.ts";
import { CODE_REVIEW_PREDICATE_TYPE, type CodeReviewStatement, parseCodeReview } from "./code-review-v0.1.ts";
import { parseRawStatement } from "./statement.ts";

/** Every statement this version understands, told apart by `predicateType`. */
export type Statement = CodeReviewStatement | AssistanceAmendmentStatement;

/**
 * The statement in a payload. Throws CoreError STATEMENT_MALFORMED, or PREDICATE_UNKNOWN for a well-formed statement
 * of a type this version does not know: report it, never count it.
 */
export function parseStatement(bytes: Uint8Array): Statement {
  const raw = parseRawStatement(bytes);
  switch (raw.predicateType) {
    case CODE_REVIEW_PREDICATE_TYPE:
      return parseCodeReview(raw);
    case ASSISTANCE_AMENDMENT_PREDICATE_TYPE:
      return parseAssistanceAmendment(raw);
    default:
      throw new CoreError("PREDICATE_UNKNOWN", `unknown predicate type ${JSON.stringify(raw.predicateType)}`);
  }
}
