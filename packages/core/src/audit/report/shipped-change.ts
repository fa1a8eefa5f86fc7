// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, Sha256 } from "../../ids/index.ts";
import type { Category, DangerCode } from "../../infrastructure/index.ts";
import type { Decision, Finding, SignOffOutcome } from "../../policy/verdict.ts";
import type { CommitState, EvidenceGrade, Extent, Warning } from "../../trailers/assistance.ts";
import type { GapCode } from "./gap-codes.ts";

/**
 * Who wrote the lines that were added, each counted once: the four add up to `added`. What a commit names an AI for
 * without saying which lines stands apart, since it may be all of them or none.
 */
export interface LineShare {
  readonly added: number;
  /** Recorded line by line as an AI's. */
  readonly ai: number;
  /** Of commits that name an AI, and of which nobody recorded who wrote them. */
  readonly claimed: number;
  /** Recorded as a human's, or of a commit that a recorder saw whole without AI. */
  readonly human: number;
  readonly unknown: number;
}

/** One tool with one model in one change. */
export interface ShippedTool {
  readonly tool: string;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly extents: readonly Extent[];
  /** Best that there is. */
  readonly evidence: EvidenceGrade;
  readonly commits: number;
  /** Recorded lines of it; 0 where it is only named. */
  readonly lines: number;
}

/** One statement about a change, and what became of it. */
export interface ShippedSignOff {
  /** Principal whose key signed; null for a key of nobody in the policy. */
  readonly person: string | null;
  readonly role: string | null;
  readonly decision: SignOffOutcome["decision"];
  readonly counted: boolean;
  readonly reason: string;
  /** What the signer wrote beside it. */
  readonly comment: string | null;
  readonly cover: SignOffOutcome["cover"];
  /** As signed, by the signer's own clock. */
  readonly issuedAt: string;
  /** Name of the envelope. */
  readonly envelope: Sha256;
  readonly proof: LoggedProof | null;
}

/** Where the log holds a piece of evidence; the bundle has the inclusion proof. */
export interface LoggedProof {
  readonly index: number;
  readonly loggedAt: string;
  /** The log says that the piece itself was removed. */
  readonly isRedacted: boolean;
}

/** A verdict that a gate signed when it looked. */
export interface AttestedVerdict {
  readonly verdict: Decision;
  readonly at: string;
  readonly envelope: Sha256;
  readonly proof: LoggedProof | null;
}

/** `unparsed` are files that count as infrastructure since nobody can say what they hold. */
export type ShippedCategory = Category | "unparsed";

/** Why somebody should have looked twice. */
export interface ShippedDanger {
  readonly code: DangerCode | "unparsed";
  /** Type and name, `aws_iam_policy.admin`; the path of a file that is not understood. */
  readonly resource: string;
  readonly path: string;
  /** One line. */
  readonly reason: string;
}

/** What a change with AI did to the infrastructure of one category. */
export interface ShippedInfrastructure {
  readonly category: ShippedCategory;
  readonly resources: number;
  /** Resources of which an AI wrote lines. */
  readonly byAi: number;
  /** Lines that the change wrote in these resources or took out of them, and those of them that are an AI's. */
  readonly lines: { readonly ai: number; readonly of: number };
  /** Of resources of which an AI wrote lines. */
  readonly dangers: readonly ShippedDanger[];
  /** Dangers that are only counted. */
  readonly moreDangers: number;
}

/** What later work did to a change. */
export interface Afterwards {
  /** Later commits of the range whose message says that they take it back. */
  readonly revertedBy: readonly ObjectId[];
  /** Lines that an AI wrote and that somebody changed before they landed. */
  readonly editedLines: number;
}

/** Where the work of an agent could still be looked up: its own name for the conversation. Prompts are never kept. */
export interface ShippedSession {
  readonly tool: string;
  readonly session: string;
}

/** One change as it landed: a row of the report. Nothing in it is safe to print. */
export interface ShippedChange {
  readonly head: ObjectId;
  readonly base: ObjectId | null;
  readonly title: string;
  readonly author: { readonly name: string; readonly email: string };
  /** RFC 3339, as the landing commit claims; null where it claims nothing that is a time. */
  readonly committedAt: string | null;
  /** When somebody other than the author saw it land: the log, a deployment, the server that took the push. */
  readonly seen: { readonly at: string; readonly by: "ledger" | "deployment" | "push" } | null;
  readonly commits: number;
  readonly files: number;
  readonly state: CommitState;
  readonly isAssisted: boolean;
  readonly tools: readonly ShippedTool[];
  readonly lines: LineShare;
  readonly classes: readonly string[];
  /** Folders that it touches, to the depth that was asked for. */
  readonly paths: readonly string[];
  /** Teams that own what it touches; empty where nothing says who owns what. */
  readonly teams: readonly string[];
  /** What it did to infrastructure, by category; empty for one that touches none, and for one without AI: that is not looked into. */
  readonly infrastructure: readonly ShippedInfrastructure[];
  /** By the policy in force when it landed; null where there was none. */
  readonly verdict: Decision | null;
  readonly unjudged: string | null;
  readonly policyDigest: Sha256 | null;
  /** RFC 3339: the time at which keys, roles and ages were judged. */
  readonly judgedAt: string;
  /** What the policy asked and how it was answered; what did not apply is left out. */
  readonly conditions: readonly Pick<Finding, "rule" | "status" | "reason">[];
  readonly signOffs: readonly ShippedSignOff[];
  readonly verdicts: readonly AttestedVerdict[];
  /** Of the records that say who wrote what. */
  readonly records: readonly { readonly object: Sha256; readonly proof: LoggedProof | null }[];
  readonly sessions: readonly ShippedSession[];
  readonly afterwards: Afterwards;
  /** What recorders say that they lost or could not see, and records that are void. */
  readonly recorderGaps: readonly Warning[];
  /** Kinds of gaps that it has; empty for a change that nothing is missing of. */
  readonly gaps: readonly GapCode[];
}
