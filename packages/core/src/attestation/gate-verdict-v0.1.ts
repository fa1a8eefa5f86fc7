// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { Json, ObjectId, RefName, Sha256 } from "../ids/index.ts";
import { digestChangeRecord } from "./change-record.ts";
import { type CodeReviewPredicate, toChangeRecord } from "./code-review-v0.1.ts";
import {
  changeMembers,
  instantField,
  isOneObjectFormat,
  lineField,
  nonceField,
  objectIdField,
  refNameField,
  repositoryField,
  sha256Field,
  toLine,
} from "./predicate-fields.ts";
import { readShape } from "./read-shape.ts";
import type { Subject } from "./statement.ts";

export const GATE_VERDICT_PREDICATE_TYPE = "https://countersign.dev/gate-verdict/v0.1";

/** What a gate said of one change, and why (specs/gate-verdict.md). */
export interface GateVerdictPredicate {
  readonly verdict: "pass" | "pending" | "denied" | "error";
  readonly repository: string;
  readonly target: RefName;
  /** Tip of the target as the gate knew it, and tip of the change. */
  readonly base: ObjectId;
  readonly head: ObjectId;
  /** Null where there was no policy or no common history, so that nothing identifies the change. */
  readonly change: CodeReviewPredicate["change"] | null;
  readonly policyDigest: Sha256 | null;
  /** RFC 3339 UTC with seconds, by the gate's clock. */
  readonly evaluatedAt: string;
  /** Whether AI took part; null where that could not be told. */
  readonly assisted: boolean | null;
  /** Registry names, sorted; the first 32. */
  readonly tools: readonly string[];
  readonly findings: readonly VerdictFinding[];
  /** Findings that are left out. */
  readonly omitted: number;
  /** Statements that the gate looked at and counted. */
  readonly signOffs: readonly CountedSignOff[];
  readonly program: { readonly name: string; readonly version: string };
  readonly nonce: string;
}

export interface VerdictFinding {
  readonly rule: string;
  readonly status: "pass" | "pending" | "fail" | "error" | "warning" | "skipped";
  readonly reason: string;
}

export interface CountedSignOff {
  readonly envelope: Sha256;
  readonly principal: string;
  readonly decision: "approve" | "reject" | "revoke" | "override";
}

// Chosen so that the largest verdict in three-byte characters still fits into one statement.
const MOST_FINDINGS = 30;
const MOST_SIGN_OFFS = 100;
const MOST_TOOLS = 32;
const REASON = 200;
const NAME = 100;

const predicateSchema = z
  .strictObject({
    verdict: z.enum(["pass", "pending", "denied", "error"]),
    repository: repositoryField,
    target: refNameField,
    base: objectIdField,
    head: objectIdField,
    change: z
      .strictObject({ ...changeMembers, head: objectIdField })
      .refine(isOneObjectFormat, "expected every object id in the change's object format")
      .nullable(),
    policyDigest: sha256Field.nullable(),
    evaluatedAt: instantField,
    assisted: z.boolean().nullable(),
    tools: z.array(lineField(NAME)).max(MOST_TOOLS),
    findings: z
      .array(
        z.strictObject({
          rule: lineField(NAME),
          status: z.enum(["pass", "pending", "fail", "error", "warning", "skipped"]),
          reason: lineField(REASON),
        }),
      )
      .max(MOST_FINDINGS),
    omitted: z.int().min(0),
    signOffs: z
      .array(
        z.strictObject({
          envelope: sha256Field,
          principal: lineField(NAME),
          decision: z.enum(["approve", "reject", "revoke", "override"]),
        }),
      )
      .max(MOST_SIGN_OFFS),
    program: z.strictObject({ name: lineField(64), version: lineField(64) }),
    nonce: nonceField,
  })
  .refine(isAboutItsChange, {
    path: ["change"],
    error: "expected the head, target and policy of the verdict",
  })
  // A pass without a change would say yes to nothing in particular.
  .refine(({ verdict, change }) => verdict !== "pass" || change !== null, {
    path: ["change"],
    error: "expected a change for a pass",
  });

function isAboutItsChange(predicate: {
  readonly change: {
    readonly head: string;
    readonly target: string;
    readonly policyDigest: string;
    readonly repository: string;
  } | null;
  readonly head: string;
  readonly target: string;
  readonly repository: string;
  readonly policyDigest: string | null;
}): boolean {
  const { change, head, target, repository, policyDigest } = predicate;
  if (change === null) return true;
  const isSamePlace = change.target === target && change.repository === repository;
  return isSamePlace && change.head === head && change.policyDigest === policyDigest;
}

/** Throws CoreError STATEMENT_MALFORMED. */
export function readGateVerdict(predicate: unknown): GateVerdictPredicate {
  return readShape(predicateSchema, predicate, "gate-verdict");
}

/** Cuts what a gate found to what a statement takes: the findings that decide first, texts made printable. */
export function toGateVerdict(found: Omit<GateVerdictPredicate, "omitted">): GateVerdictPredicate {
  const byWeight = [...found.findings].sort((a, b) => WEIGHT[a.status] - WEIGHT[b.status]);
  const findings = byWeight.slice(0, MOST_FINDINGS).map(({ rule, status, reason }) => ({
    rule: toLine(rule, NAME),
    status,
    reason: toLine(reason, REASON),
  }));
  return readGateVerdict({
    ...found,
    tools: found.tools.slice(0, MOST_TOOLS).map((tool) => toLine(tool, NAME)),
    findings,
    omitted: found.findings.length - findings.length,
    signOffs: found.signOffs.slice(0, MOST_SIGN_OFFS),
  });
}

const WEIGHT: Readonly<Record<VerdictFinding["status"], number>> = {
  error: 0,
  fail: 1,
  pending: 2,
  warning: 3,
  pass: 4,
  skipped: 5,
};

/** The head commit, and where the change is known its tree and record: the subjects of a sign-off of the same change. */
export function toVerdictSubjects({ head, change }: GateVerdictPredicate): readonly Subject[] {
  const commit = { name: "head", digest: { gitCommit: head } };
  if (change === null) return [commit];
  return [
    commit,
    { name: "tree", digest: { gitTree: change.headTree } },
    { name: "change", digest: { sha256: digestChangeRecord(toChangeRecord(change)) } },
  ];
}

export function toVerdictJson(predicate: GateVerdictPredicate): Json {
  return predicate as unknown as Json;
}
