// SPDX-License-Identifier: Apache-2.0
import { formatAssistanceRecord } from "../../attribution/index.ts";
import { type ObjectId, type Sha256, sha256Hex } from "../../ids/index.ts";
import type { VerifiedCheckpoint } from "../../ledger/index.ts";
import type { LogEntry } from "../log-entry.ts";
import type { ShippedChange } from "../report/shipped-change.ts";
import type { AuditBundle } from "./audit-bundle.ts";
import type { BundleFault } from "./bundle-fault.ts";
import type { Unproved } from "./check-history.ts";
import { type SignOffContext, toReview } from "./check-sign-off.ts";

/**
 * Whoever makes a bundle chooses what is in it. Where it holds every entry of the log, what the log says against the report cannot be left out:
 * a rejection, a revocation, a record of an AI. Where it holds only some, that is said.
 */
export function checkOmissions(
  { report }: AuditBundle,
  context: SignOffContext & { readonly checkpoint: VerifiedCheckpoint | null },
  faults: BundleFault[],
  unproved: Unproved[],
): void {
  const { checkpoint, entries } = context;
  if (checkpoint === null) return;
  const absent = checkpoint.treeSize - entries.byIndex.size;
  if (absent > 0)
    unproved.push({
      part: "entries",
      message: `that no revocation, rejection or record was left out: ${absent} of the log's ${checkpoint.treeSize} entries are not in this file`,
    });
  const isLossTold = report.gaps.some(({ code }) => code === "evidence-lost");
  const rows = [...report.changes];
  const told = listTold(rows, context);
  const about = indexRows(rows, context);
  for (const [index, entry] of entries.byIndex) {
    const head = isAgainst(entry) ? about(entry) : undefined;
    if (head === undefined || told.has(toKey(entry, head))) continue;
    const part = `report.changes.${head}`;
    const what = `${entry.kind === "assistance" ? "a record" : `a ${entry.kind}`} about it as entry ${index}`;
    if (entries.redacted.has(index))
      unproved.push({ part, message: `what was redacted: the log held ${what} (${head.slice(0, 12)})` });
    else if (isLossTold)
      unproved.push({ part, message: `what was lost: the log holds ${what} (${head.slice(0, 12)})` });
    else
      faults.push({
        part,
        code: "EVIDENCE_OMITTED",
        message: `the log holds ${what}, and the report does not`,
      });
  }
}

/**
 * A record belongs to the change that it is about, and is told by a machine's statement too that says the same word for word; a statement
 * may stand with any that it concerns.
 */
function listTold(rows: readonly ShippedChange[], { evidence }: SignOffContext): ReadonlySet<string> {
  const told = new Set<string>();
  for (const { head, records, signOffs } of rows) {
    for (const { object } of records) {
      told.add(`${object} ${head}`);
      const checked = evidence.statements.get(object);
      if (checked?.by === "machine" && checked.said.kind === "assistance")
        told.add(`${sha256Hex(formatAssistanceRecord(checked.said.record))} ${head}`);
    }
    for (const { envelope } of signOffs) told.add(envelope);
  }
  return told;
}

function toKey({ kind, object }: LogEntry, head: ObjectId): string {
  return kind === "assistance" ? `${object} ${head}` : object;
}

/** What can only make a change look worse. Approvals and verdicts that are left out take nothing away from anybody. */
function isAgainst({ kind }: LogEntry): boolean {
  return kind === "assistance" || kind === "revocation" || kind === "rejection";
}

/** Finds the row that an entry is about: by one of its commits, by what was signed of it. */
function indexRows(
  rows: readonly ShippedChange[],
  context: SignOffContext,
): (entry: LogEntry) => ObjectId | undefined {
  const byCommit = new Map<ObjectId, ObjectId>();
  const byChange = new Map<Sha256, ObjectId>();
  for (const row of rows) {
    byCommit.set(row.head, row.head);
    for (const { id } of context.history.commitsOf(row) ?? []) byCommit.set(id, row.head);
    for (const { envelope, counted } of row.signOffs) {
      if (!counted) continue;
      const logged = context.entries.byObject.get(envelope)?.entry;
      if (logged?.change != null) byChange.set(logged.change, row.head);
      const signed = toReview(context.evidence.statements.get(envelope))?.predicate.change;
      if (signed !== undefined) byCommit.set(signed.head, row.head);
    }
  }
  return ({ commit, change }) => byCommit.get(commit ?? "") ?? byChange.get(change ?? "");
}
