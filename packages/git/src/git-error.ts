// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";

/**
 * Ways in which Git can fail us. REF_CONTENDED and PUSH_REJECTED: retry later; MISSING_OBJECT: fetch the objects
 * first; all others: stop and report.
 */
export type GitErrorCode =
  | "GIT_NOT_FOUND"
  | "GIT_TOO_OLD"
  | "NOT_A_REPOSITORY"
  | "UNSAFE_DIRECTORY"
  | "GIT_FAILED"
  | "OUTPUT_MALFORMED"
  | "MISSING_OBJECT"
  | "AMBIGUOUS_NAME"
  | "BLOB_TOO_LARGE"
  | "EVIDENCE_TOO_LARGE"
  | "EVIDENCE_CORRUPT"
  | "RECORD_TOO_LARGE"
  | "REF_CONTENDED"
  | "PUSH_REJECTED"
  | "MIRROR_APART";

/** Git could not do what was asked. Callers branch on `code`; the message says what to do. */
export class GitError extends Error {
  readonly code: GitErrorCode;
  /** The objects concerned, for MISSING_OBJECT. */
  readonly objects: readonly ObjectId[];
  constructor(
    code: GitErrorCode,
    message: string,
    options?: ErrorOptions & { objects?: readonly ObjectId[] },
  ) {
    super(message, options);
    this.name = "GitError";
    this.code = code;
    this.objects = options?.objects ?? [];
  }
}
