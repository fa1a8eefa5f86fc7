// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName, RepoPath, Sha256 } from "../ids/index.ts";
import type { Impact } from "../infrastructure/index.ts";
import type { Decision, Finding, SignOffOutcome } from "../policy/verdict.ts";
import type { CommitState, Warning } from "../trailers/assistance.ts";

/** A tool that took part in a commit; an `Assistance` is one. */
export interface ReportTool {
  readonly tool: string;
  /** Normalised model name, null where the claim does not say. */
  readonly model: string | null;
}

/** What a report shows of one commit of the change. */
export interface ReportCommit {
  readonly id: ObjectId;
  readonly title: string;
  readonly state: CommitState;
  readonly tools: readonly ReportTool[];
}

/**
 * The one value that every door renders: terminal, JSON, Markdown, annotations, code quality, SARIF. Nothing in it is
 * safe to print: titles, paths, rule ids and names are whatever somebody wrote; each renderer cleans for its medium.
 */
export interface GateReport {
  readonly verdict: Decision;
  /** The facts that the policy's expressions saw, as CEL values (64-bit integers may be bigint). */
  readonly change: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
  /** Null where no policy could be read; the verdict is then `error`. */
  readonly policyDigest: Sha256 | null;
  readonly signOffs: readonly SignOffOutcome[];
  /** Where the policy was read: a commit of the target branch, never of the change. */
  readonly policySource: { readonly commit: ObjectId; readonly path: RepoPath } | null;
  /** URI of the repository as the policy names it; empty where it names none. */
  readonly repository: string;
  readonly base: ObjectId;
  readonly head: ObjectId;
  /** Null where the histories are unrelated or cut off. */
  readonly mergeBase: ObjectId | null;
  readonly target: RefName;
  /** RFC 3339 UTC with seconds, as `issuedAt` of sign-offs. */
  readonly evaluatedAt: string;
  /** Oldest first. */
  readonly commits: readonly ReportCommit[];
  readonly notes: readonly Warning[];
  /** Infrastructure that the change touches; absent where no facts could be had. */
  readonly impact?: Impact;
}
