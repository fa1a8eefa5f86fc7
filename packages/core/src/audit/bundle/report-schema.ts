// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { isObjectId } from "../../ids/index.ts";
import { DANGER_CODES } from "../../infrastructure/index.ts";
import { GAP_CODES } from "../report/gap-codes.ts";
import { SHIPPED_CATEGORIES } from "../report/to-shipped-infrastructure.ts";

const count = z.int().min(0);
const text = z.string();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex characters");
const commit = z.string().refine(isObjectId, "expected 40 or 64 lower-case hex characters");
const state = z.enum(["recorded", "declared", "signalled", "cleared", "unknown"]);
const decision = z.enum(["pass", "pending", "denied", "error"]);
const warning = z.object({ code: text, message: text });
const lines = z.object({ added: count, ai: count, claimed: count, human: count, unknown: count });
const proof = z.object({ index: count, loggedAt: text, isRedacted: z.boolean() }).nullable();
const share = z.object({ name: text, changes: count, assisted: count, lines });

const signOff = z.object({
  person: text.nullable(),
  role: text.nullable(),
  decision: z.enum(["approve", "reject", "revoke", "override"]),
  counted: z.boolean(),
  reason: text,
  comment: text.nullable(),
  cover: z.enum(["exact", "landed", "carried", "none"]),
  issuedAt: text,
  envelope: sha256,
  proof,
});

const tool = z.object({
  tool: text,
  vendor: text.nullable(),
  model: text.nullable(),
  extents: z.array(z.enum(["generated", "edited", "advised"])),
  evidence: z.enum(["observed", "derived", "inferred", "declared", "none"]),
  commits: count,
  lines: count,
});

const aiShare = z.object({ ai: count, of: count });
const infrastructure = z.object({
  category: z.enum(SHIPPED_CATEGORIES),
  resources: count,
  byAi: count,
  lines: aiShare,
  dangers: z.array(
    z.object({
      code: z.enum([...DANGER_CODES, "unparsed"]),
      resource: text,
      path: text,
      reason: text,
    }),
  ),
  moreDangers: count,
});

const change = z.object({
  head: commit,
  base: commit.nullable(),
  title: text,
  author: z.object({ name: text, email: text }),
  committedAt: text.nullable(),
  seen: z.object({ at: text, by: z.enum(["ledger", "deployment", "push"]) }).nullable(),
  commits: count,
  files: count,
  state,
  isAssisted: z.boolean(),
  tools: z.array(tool),
  lines,
  classes: z.array(text),
  paths: z.array(text),
  // Bundles that were made before reports told of teams or infrastructure have none.
  teams: z.array(text).default([]),
  infrastructure: z.array(infrastructure).default([]),
  verdict: decision.nullable(),
  unjudged: text.nullable(),
  policyDigest: sha256.nullable(),
  judgedAt: text,
  conditions: z.array(
    z.object({
      rule: text,
      status: z.enum(["pass", "pending", "fail", "error", "warning", "skipped"]),
      reason: text,
    }),
  ),
  signOffs: z.array(signOff),
  verdicts: z.array(z.object({ verdict: decision, at: text, envelope: sha256, proof })),
  records: z.array(z.object({ object: sha256, proof })),
  sessions: z.array(z.object({ tool: text, session: text })),
  afterwards: z.object({ revertedBy: z.array(commit), editedLines: count }),
  recorderGaps: z.array(warning),
  gaps: z.array(z.enum(GAP_CODES)),
});

const gapGroup = z.object({
  code: z.enum(GAP_CODES),
  severity: z.enum(["high", "medium", "low"]),
  meaning: text,
  count,
  items: z.array(z.object({ change: commit.nullable(), title: text, reason: text })),
});

const totals = z.object({
  changes: count,
  commits: count,
  assisted: count,
  signedOff: count,
  byState: z.object({ recorded: count, declared: count, signalled: count, cleared: count, unknown: count }),
  byVerdict: z.object({ pass: count, pending: count, denied: count, error: count, unjudged: count }),
  lines,
  byTool: z.array(share),
  byModel: z.array(share),
  byPath: z.array(share),
  byTeam: z.array(share).default([]),
  byClass: z.array(share),
  byMonth: z.array(share),
  byCategory: z
    .array(
      z.object({
        category: z.enum(SHIPPED_CATEGORIES),
        changes: count,
        resources: count,
        byAi: count,
        lines: aiShare,
        dangers: count,
        unsigned: count,
      }),
    )
    .default([]),
  reviewers: z.array(
    z.object({ person: text, approvals: count, rejections: count, overrides: count, busiest: count }),
  ),
});

const scope = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("range"), from: text, to: text }),
  z.object({
    kind: z.literal("environment"),
    environment: text,
    from: text.nullable(),
    until: text.nullable(),
  }),
  z.object({ kind: z.literal("incident"), environment: text, at: text, windowSeconds: count }),
]);

const deployment = z.object({
  environment: text,
  at: text,
  base: commit.nullable(),
  head: commit,
  verdict: text,
  pipeline: text.nullable(),
  artifacts: z.array(z.object({ name: text, digest: sha256 })),
  envelope: sha256,
  proof,
  problem: text.nullable(),
});

const surviving = z.object({
  at: commit,
  files: count,
  filesLeft: count,
  lines: count,
  ai: count,
  claimed: count,
  human: count,
  unknown: count,
  byTool: z.array(z.object({ name: text, lines: count })),
});

/** A report as it stands in a bundle; keys of newer versions are left out. */
export const reportSchema = z.object({
  version: z.literal(1),
  scope,
  generatedAt: text,
  repository: text,
  target: text,
  base: commit.nullable(),
  head: commit,
  isPseudonymous: z.boolean(),
  totals,
  gaps: z.array(gapGroup),
  changes: z.array(change),
  deployments: z.array(deployment),
  surviving: surviving.nullable(),
  ledger: z
    .object({ origin: text, treeSize: count, rootHash: sha256, verifierKey: text, cosignatures: count })
    .nullable(),
  notes: z.array(warning),
});
