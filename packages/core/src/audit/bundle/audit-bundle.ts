// SPDX-License-Identifier: Apache-2.0
import { formatCanonicalJson, type Json, type ObjectId, type Sha256 } from "../../ids/index.ts";
import type { AuditReport } from "../report/audit-report.ts";

export const BUNDLE_FORMAT = "https://countersign.dev/audit-bundle/v1";

/** An entry of the log with its inclusion proof. */
export interface BundledEntry {
  readonly index: number;
  /** The leaf's bytes, which are canonical JSON, as text. */
  readonly leaf: string;
  /** Hashes from the leaf's sibling up, in base64. */
  readonly proof: readonly string[];
}

/** A piece of evidence by its name. */
export interface BundledEvidence {
  /** SHA-256 of the bytes. */
  readonly object: Sha256;
  /** Base64; null for what is absent. */
  readonly bytes: string | null;
  /** `redacted`: the log removed it; `withheld`: whoever made the bundle left it out, as pseudonyms ask. */
  readonly absent: "redacted" | "withheld" | null;
}

/** A commit by its name and its own bytes. */
export interface BundledCommit {
  readonly id: ObjectId;
  /** Base64 of the commit object's content, as Git has it. */
  readonly bytes: string;
}

/** A policy, and where it stood. */
export interface BundledPolicy {
  readonly digest: Sha256;
  /** Base64 of the file. */
  readonly bytes: string;
  /** A commit that has it: where a change begins that was judged by it, else the newest. */
  readonly at: ObjectId;
  /** Base64 of that commit's tree and of the trees below it on the way to the file. */
  readonly trees: readonly string[];
}

/** Whose checkpoint the entries lie under. */
export interface BundledLog {
  /** The signed note, verbatim. */
  readonly checkpoint: string;
  /** Verifier key of the log, for who has it from nowhere else. */
  readonly key: string;
  readonly witnesses: readonly string[];
}

/**
 * A report with everything that it takes to check it elsewhere (specs/audit-bundle.md): one file, no network, no repository. The policies say
 * whose key is whose; each statement names the digest of the one that it was made under.
 */
export interface AuditBundle {
  readonly format: typeof BUNDLE_FORMAT;
  readonly report: AuditReport;
  readonly log: BundledLog | null;
  readonly policies: readonly BundledPolicy[];
  /** Base64 of the Sigstore root that stood beside the newest policy; null where no machine of it signs by certificate. */
  readonly trustedRoot: string | null;
  /** Every commit after the report's base up to its head, and where the oldest change begins; null under pseudonyms, since commits name people. */
  readonly history: readonly BundledCommit[] | null;
  readonly entries: readonly BundledEntry[];
  readonly evidence: readonly BundledEvidence[];
}

/** Strict JSON on one line with a final newline, in pieces. Text that is no Unicode becomes U+FFFD: a strict reader refuses it. */
export function* formatAuditBundle(bundle: AuditBundle): Generator<string, void, undefined> {
  const { report, entries, evidence, history, policies, ...rest } = bundle;
  const { changes, ...about } = report;
  yield `${toText(rest).slice(0, -1)},"report":${toText(about).slice(0, -1)},"changes":`;
  yield* formatRows(changes);
  yield `},"policies":`;
  yield* formatRows(policies);
  yield `,"history":`;
  if (history === null) yield "null";
  else yield* formatRows(history);
  yield `,"entries":`;
  yield* formatRows(entries);
  yield `,"evidence":`;
  yield* formatRows(evidence);
  yield "}\n";
}

function* formatRows(
  rows: Iterable<object> & { readonly length: number },
): Generator<string, void, undefined> {
  let separator = "[";
  for (const row of rows) {
    yield separator + toText(row);
    separator = ",";
  }
  yield rows.length === 0 ? "[]" : "]";
}

function toText(value: object): string {
  return formatCanonicalJson(toWellFormed(value as Json));
}

function toWellFormed(value: Json): Json {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(toWellFormed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key.toWellFormed(), toWellFormed(each as Json)]),
  );
}
