// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName, Sha256 } from "../../ids/index.ts";
import type { CommitState, Warning } from "../../trailers/assistance.ts";
import type { GapGroup } from "./find-gaps.ts";
import type { LineShare, LoggedProof, ShippedCategory, ShippedChange } from "./shipped-change.ts";

/** What the report is about. */
export type ReportScope =
  | { readonly kind: "range"; readonly from: string; readonly to: string }
  | {
      readonly kind: "environment";
      readonly environment: string;
      /** RFC 3339; `from` inclusive, `until` exclusive. */
      readonly from: string | null;
      readonly until: string | null;
    }
  | {
      readonly kind: "incident";
      readonly environment: string;
      readonly at: string;
      readonly windowSeconds: number;
    };

/** One delivery into an environment, as its pipeline signed it. */
export interface ReportedDeployment {
  readonly environment: string;
  readonly at: string;
  readonly base: ObjectId | null;
  readonly head: ObjectId;
  readonly verdict: string;
  readonly pipeline: string | null;
  readonly artifacts: readonly { readonly name: string; readonly digest: Sha256 }[];
  readonly envelope: Sha256;
  readonly proof: LoggedProof | null;
  /** Why it cannot be taken as it stands: a key that nobody vouches for, a break in the chain; null for a sound one. */
  readonly problem: string | null;
}

/** A part of what shipped, by tool, model, class, folder, month. */
export interface ShareRow {
  readonly name: string;
  readonly changes: number;
  readonly assisted: number;
  readonly lines: LineShare;
}

/** What AI-assisted changes did to the infrastructure of one category. */
export interface CategoryRow {
  readonly category: ShippedCategory;
  readonly changes: number;
  readonly resources: number;
  /** Resources of which an AI wrote lines. */
  readonly byAi: number;
  readonly lines: { readonly ai: number; readonly of: number };
  /** Dangers of resources of which an AI wrote lines. */
  readonly dangers: number;
  /** Those of them that are in changes without the sign-off that they needed. */
  readonly unsigned: number;
}

export interface ReviewerRow {
  readonly person: string;
  /** Approvals that counted. */
  readonly approvals: number;
  readonly rejections: number;
  readonly overrides: number;
  /** Most approvals within five minutes: whoever signs forty at a time has hardly read them (T59). */
  readonly busiest: number;
}

export interface ReportTotals {
  readonly changes: number;
  readonly commits: number;
  readonly assisted: number;
  /** Assisted changes that at least one counted approval stands behind. */
  readonly signedOff: number;
  readonly byState: Readonly<Record<CommitState, number>>;
  readonly byVerdict: Readonly<Record<"pass" | "pending" | "denied" | "error" | "unjudged", number>>;
  readonly lines: LineShare;
  /** Lines are the recorded ones of the tool or model; `assisted` equals `changes` here. */
  readonly byTool: readonly ShareRow[];
  readonly byModel: readonly ShareRow[];
  readonly byPath: readonly ShareRow[];
  /** By owning team, as CODEOWNERS has it at the end of the range; empty where there is none. */
  readonly byTeam: readonly ShareRow[];
  readonly byClass: readonly ShareRow[];
  readonly byMonth: readonly ShareRow[];
  /** Infrastructure that AI-assisted changes touched; categories that none touched are left out. */
  readonly byCategory: readonly CategoryRow[];
  readonly reviewers: readonly ReviewerRow[];
}

/** Lines that are still there at the end of the range, by who wrote them first. */
export interface SurvivingLines {
  readonly at: ObjectId;
  readonly files: number;
  /** Files that were not looked into, since there was no time for all. */
  readonly filesLeft: number;
  readonly lines: number;
  readonly ai: number;
  /** Of commits that name an AI, without a record of who wrote them. */
  readonly claimed: number;
  readonly human: number;
  readonly unknown: number;
  readonly byTool: readonly { readonly name: string; readonly lines: number }[];
}

export interface ReportLedger {
  readonly origin: string;
  readonly treeSize: number;
  /** Lower-case hex. */
  readonly rootHash: Sha256;
  /** Verifier key of the log, for who gets the report. */
  readonly verifierKey: string;
  readonly cosignatures: number;
}

/** Rows to go through as often as a medium needs; an array is one, and so is what keeps them packed. */
export interface ChangeRows extends Iterable<ShippedChange> {
  readonly length: number;
}

/** The one value that every medium renders. Changes are newest first. */
export interface AuditReport {
  readonly version: 1;
  readonly scope: ReportScope;
  readonly generatedAt: string;
  readonly repository: string;
  readonly target: RefName;
  readonly base: ObjectId | null;
  readonly head: ObjectId;
  readonly isPseudonymous: boolean;
  readonly totals: ReportTotals;
  /** Worst first. */
  readonly gaps: readonly GapGroup[];
  readonly changes: ChangeRows;
  readonly deployments: readonly ReportedDeployment[];
  readonly surviving: SurvivingLines | null;
  readonly ledger: ReportLedger | null;
  readonly notes: readonly Warning[];
}
