// SPDX-License-Identifier: Apache-2.0
import type { DeployedArtifact, DeploymentKind } from "../../attestation/index.ts";
import type { ObjectId, RefName, Sha256 } from "../../ids/index.ts";
import type { Decision } from "../../policy/verdict.ts";

/** What `deploy check` says: the one value that every medium renders. Nothing in it is safe to print as it is. */
export interface DeployReport {
  /** `override`: everything holds, some of it only through break-glass. */
  readonly verdict: Decision | "override";
  readonly environment: string;
  readonly target: RefName;
  readonly repository: string;
  /** Null where no commit could be told. */
  readonly commit: ObjectId | null;
  /** Everything after it is looked at; null where nothing was recorded. */
  readonly base: ObjectId | null;
  readonly kind: DeploymentKind;
  readonly artifacts: readonly DeployedArtifact[];
  readonly policyDigest: Sha256 | null;
  /** RFC 3339 UTC with seconds. */
  readonly evaluatedAt: string;
  /** The last deployment recorded in this environment. */
  readonly previous: RecordedDeployment | null;
  /** The deployment in the environment that this one waits for. */
  readonly after: RecordedDeployment | null;
  readonly changes: readonly DeployedChange[];
  readonly findings: readonly DeployFinding[];
  /** Commits that landed without a verdict, oldest first. */
  readonly gaps: readonly ObjectId[];
}

export interface RecordedDeployment {
  readonly environment: string;
  readonly commit: ObjectId;
  readonly at: string;
  readonly verdict: string;
  readonly envelope: Sha256;
}

/** One change of what would ship, as it landed. */
export interface DeployedChange {
  readonly base: ObjectId | null;
  readonly head: ObjectId;
  readonly title: string;
  readonly verdict: Decision;
  /** The moment at which it was judged: when its verdict was given, where there is one, else now. */
  readonly judgedAt: string;
  /** Envelope of the verdict with which it landed. */
  readonly attested: Sha256 | null;
  readonly assisted: boolean;
  readonly tools: readonly string[];
  readonly signOffs: readonly {
    readonly principal: string | null;
    readonly decision: string;
    readonly counted: boolean;
    readonly reason: string;
  }[];
}

/** One reason for or against. */
export interface DeployFinding {
  /** A rule of the policy, a built-in one of the gate, or one of the check itself such as `no-verdict`. */
  readonly rule: string;
  readonly status: "pass" | "pending" | "fail" | "error" | "warning";
  /** What was found, what was expected, and how to get there. */
  readonly reason: string;
  readonly commits: readonly ObjectId[];
}

const ORDER = ["error", "fail", "pending", "warning", "pass"] as const;

/** Those that decide first; within a status in the order given. */
export function sortFindings(findings: readonly DeployFinding[]): readonly DeployFinding[] {
  return [...findings].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
}

/** The worst finding decides; what could not be told is worse than a no, because nobody knows what it would have been. */
export function toDeployVerdict(
  findings: readonly DeployFinding[],
  isOverridden: boolean,
): DeployReport["verdict"] {
  const statuses = new Set(findings.map((finding) => finding.status));
  if (statuses.has("error")) return "error";
  if (statuses.has("fail")) return "denied";
  if (statuses.has("pending")) return "pending";
  return isOverridden ? "override" : "pass";
}
