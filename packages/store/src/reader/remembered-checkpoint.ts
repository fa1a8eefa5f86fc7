// SPDX-License-Identifier: Apache-2.0

import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isSameBytes, sha256Hex, toBase64, toUtf8 } from "@countersign/core/ids";
import {
  type LogTrust,
  planConsistency,
  type VerifiedCheckpoint,
  verifyCheckpoint,
  verifyConsistency,
} from "@countersign/core/ledger";
import { isCode } from "../folder-files.ts";
import { StoreError } from "../store-error.ts";
import { verifyEd25519 } from "../verify-ed25519.ts";
import type { VerifiedTiles } from "./verified-tiles.ts";

/**
 * Holds a checkpoint against the last one that this reader saw of the log, and remembers the newer. Throws StoreError
 * LEDGER_FORKED or LEDGER_ROLLED_BACK with both signed checkpoints: together they prove to anybody what the log did.
 */
export async function checkRemembered(
  folder: string,
  trust: LogTrust,
  shown: VerifiedCheckpoint,
  tiles: VerifiedTiles,
): Promise<void> {
  const path = join(folder, sha256Hex(toUtf8(trust.log.name)));
  const seen = recall(path, trust);
  if (seen !== undefined) await compare(seen, shown, tiles);
  if (seen === undefined || seen.treeSize < shown.treeSize) remember(folder, path, shown.note);
}

/** The checkpoint remembered of a log; undefined where there is none. */
function recall(path: string, trust: LogTrust): VerifiedCheckpoint | undefined {
  const note = readNote(path);
  // Witnesses are not asked again: what this reader believed once, the log has to stand by.
  return note === undefined ? undefined : verifyCheckpoint(note, { ...trust, quorum: 0 }, verifyEd25519);
}

async function compare(
  seen: VerifiedCheckpoint,
  shown: VerifiedCheckpoint,
  tiles: VerifiedTiles,
): Promise<void> {
  if (seen.treeSize > shown.treeSize) {
    const message = `the log was rolled back: it showed ${seen.treeSize} entries before, and shows ${shown.treeSize} now`;
    throw new StoreError("LEDGER_ROLLED_BACK", message, { evidence: evidenceOf(seen, shown, []) });
  }
  const ranges = planConsistency(seen.treeSize, shown.treeSize);
  const proof = await Promise.all(ranges.map((range) => tiles.hashRange(range)));
  try {
    const roots = {
      oldSize: seen.treeSize,
      oldRoot: seen.rootHash,
      newSize: shown.treeSize,
      newRoot: shown.rootHash,
    };
    verifyConsistency({ ...roots, proof });
  } catch (cause) {
    const message = `the log has forked: its ${shown.treeSize} entries do not continue the ${seen.treeSize} that it showed before`;
    const lines = isSameBytes(seen.rootHash, shown.rootHash) ? [] : proof.map(toBase64);
    throw new StoreError("LEDGER_FORKED", message, { cause, evidence: evidenceOf(seen, shown, lines) });
  }
}

function evidenceOf(seen: VerifiedCheckpoint, shown: VerifiedCheckpoint, proof: readonly string[]) {
  const checkpoints = [
    { label: "checkpoint seen before", text: seen.note },
    { label: "checkpoint shown now", text: shown.note },
  ];
  return proof.length === 0
    ? checkpoints
    : [...checkpoints, { label: "proof that fails", text: `${proof.join("\n")}\n` }];
}

function readNote(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function remember(folder: string, path: string, note: string): void {
  mkdirSync(folder, { recursive: true });
  const scratch = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(scratch, note);
  renameSync(scratch, path);
}
