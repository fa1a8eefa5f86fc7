// SPDX-License-Identifier: Apache-2.0
import { CoreError, parseBase64, type Sha256, toBase64, toUtf8 } from "../../ids/index.ts";
import { hashLeaf, type VerifiedCheckpoint, verifyInclusion } from "../../ledger/index.ts";
import { type LogEntry, parseLogEntry } from "../log-entry.ts";
import type { AuditBundle, BundledEntry } from "./audit-bundle.ts";
import { type BundleFault, toFault } from "./bundle-fault.ts";

/** Entries that lie under the checkpoint. */
export interface CheckedEntries {
  readonly byIndex: ReadonlyMap<number, LogEntry>;
  /** First entry about each object. */
  readonly byObject: ReadonlyMap<Sha256, { readonly index: number; readonly entry: LogEntry }>;
  /** Indices that redactions name. */
  readonly redacted: ReadonlySet<number>;
}

export function checkEntries(
  { entries }: AuditBundle,
  checkpoint: VerifiedCheckpoint | null,
  faults: BundleFault[],
): CheckedEntries {
  const byIndex = new Map<number, LogEntry>();
  const byObject = new Map<Sha256, { readonly index: number; readonly entry: LogEntry }>();
  const redacted = new Set<number>();
  for (const bundled of entries) {
    const entry = checkEntry(bundled, checkpoint, byIndex, faults);
    if (entry === undefined) continue;
    byIndex.set(bundled.index, entry);
    if (entry.redacts !== null) redacted.add(entry.redacts);
    // What a redaction names is its own reason, not the piece that it removed.
    if (entry.kind === "redaction") continue;
    const known = byObject.get(entry.object);
    if (known === undefined || bundled.index < known.index)
      byObject.set(entry.object, { index: bundled.index, entry });
  }
  checkTimes(byIndex, faults);
  return { byIndex, byObject, redacted };
}

function checkEntry(
  { index, leaf, proof }: BundledEntry,
  checkpoint: VerifiedCheckpoint | null,
  known: ReadonlyMap<number, LogEntry>,
  faults: BundleFault[],
): LogEntry | undefined {
  const part = `entries.${index}`;
  try {
    if (known.has(index)) throw new CoreError("PROOF_INVALID", `two entries with the index ${index}`);
    const bytes = toUtf8(leaf);
    if (checkpoint === null)
      throw new CoreError("PROOF_INVALID", "there is no checkpoint that it could lie under");
    verifyInclusion({
      index,
      treeSize: checkpoint.treeSize,
      leafHash: hashLeaf(bytes),
      rootHash: checkpoint.rootHash,
      proof: proof.map(readHash),
    });
    return parseLogEntry(bytes);
  } catch (error) {
    faults.push({ part, ...toFault(error) });
    return undefined;
  }
}

function readHash(text: string): Uint8Array {
  const bytes = parseBase64(text);
  if (toBase64(bytes) !== text) throw new CoreError("PROOF_MALFORMED", "expected hashes in padded base64");
  return bytes;
}

/** A log's clock never runs back. */
function checkTimes(byIndex: ReadonlyMap<number, LogEntry>, faults: BundleFault[]): void {
  let before: LogEntry | undefined;
  for (const [index, entry] of [...byIndex].sort(([a], [b]) => a - b)) {
    if (before !== undefined && entry.loggedAt < before.loggedAt)
      faults.push({
        part: `entries.${index}`,
        code: "LOG_TIME_BACKWARDS",
        message: `logged at ${entry.loggedAt}, after an entry of ${before.loggedAt}`,
      });
    before = entry;
  }
}
