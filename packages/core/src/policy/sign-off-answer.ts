// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "../attestation/code-review-v0.1.ts";
import type { ObjectId, RepoPath, Sha256 } from "../ids/index.ts";

/** How a statement reaches the change under evaluation, computed from Git objects and from nothing else. */
export type Cover = "exact" | "landed" | "carried" | "none";

/** One statement of the evidence after its signature was checked and its change was compared with this one. */
export interface SignOffAnswer {
  readonly envelope: Sha256;
  readonly predicate: CodeReviewPredicate;
  /** `<type> <base64>` of the key whose signature verified. */
  readonly publicKey: string;
  /** The signature shows a touch on a hardware key (sk- flag bit 0). */
  readonly isTouched: boolean;
  readonly cover: Cover;
  /** Why it covers, or what differs: shown to people. */
  readonly coverReason: string;
  /** Commits of the change that the statement vouches for; `all` where head and merge base are the signed ones. */
  readonly covers: "all" | ReadonlySet<ObjectId>;
  /**
   * When the policy's ledger took the statement in, seconds since the epoch by the log's clock; null where it is not in the
   * log and has to be, undefined where no log is asked.
   */
  readonly loggedAt?: number | null | undefined;
  /** Classes that the new base touched since the signed merge base; empty unless carried. */
  readonly baseClasses: readonly string[];
}

/** An envelope that could not be used at all; reported, never silently dropped. */
export interface EvidenceProblem {
  /** Its name in the set; for a file that is no entry, its path. */
  readonly envelope: Sha256 | RepoPath;
  readonly code: string;
  readonly message: string;
}
