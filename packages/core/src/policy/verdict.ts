// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath, Sha256 } from "../ids/index.ts";

/** `pass`: may land. `pending`: sign-offs are missing. `denied`: the policy says no. `error`: could not tell. */
export type Decision = "pass" | "pending" | "denied" | "error";

/** The answer of one rule about one change. */
export interface Finding {
  /** Id of the policy's rule, or of a built-in one such as `policy-change` or `incomplete-history`. */
  readonly rule: string;
  readonly status: "pass" | "pending" | "fail" | "error" | "warning" | "skipped";
  /** Always filled: what was found, what was expected, and how to get there. */
  readonly reason: string;
  readonly commits: readonly ObjectId[];
  readonly files: readonly RepoPath[];
  /** What would turn the finding to pass; null where nothing is missing. */
  readonly missing: Missing | null;
}

export interface Missing {
  readonly role: string;
  readonly count: number;
  /** Principals who could still give it, sorted. */
  readonly candidates: readonly string[];
}

/** What became of one statement found in the evidence. */
export interface SignOffOutcome {
  /** Principal whose key signed; null where the key belongs to nobody in the policy. */
  readonly principal: string | null;
  readonly decision: "approve" | "reject" | "revoke" | "override";
  readonly counted: boolean;
  readonly reason: string;
  /** SHA-256 of the envelope's bytes: its name in the evidence set. */
  readonly envelope: Sha256;
  /** How it reaches this change: signed for it, landed as Git computes it, carried over a clean re-merge, or not at all. */
  readonly cover: "exact" | "landed" | "carried" | "none";
  /** RFC 3339, as the statement claims. */
  readonly issuedAt: string;
}
