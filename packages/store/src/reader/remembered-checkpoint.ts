// SPDX-License-Identifier: Apache-2.0

import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex, toUtf8 } from "@countersign/core/ids";
import { type LogTrust, type VerifiedCheckpoint, verifyCheckpoint } from "@countersign/core/ledger";
import { isCode } from "../folder-files.ts";
import type { LedgerSource } from "../ports.ts";
import { StoreError } from "../store-error.ts";
import { verifyEd25519 } from "../verify-ed25519.ts";
import { checkContinuation } from "./check-continuation.ts";
import { proveConsistency } from "./prove-consistency.ts";
import { type OpenCheckpoint, readCheckpoint } from "./read-checkpoint.ts";

/** A checkpoint as it was read, and by whom. */
export interface ShownCheckpoint {
  /** Folder of the reader's memory. */
  readonly memory: string;
  readonly source: LedgerSource;
  readonly trust: LogTrust;
  readonly opened: OpenCheckpoint;
}

/**
 * Holds a checkpoint against the last one that this reader saw of the log, wherever it saw it, and remembers the newer. Throws StoreError
 * LEDGER_FORKED, LEDGER_ROLLED_BACK or LEDGER_BEHIND with both signed checkpoints.
 */
export async function checkRemembered({ memory, source, trust, opened }: ShownCheckpoint): Promise<void> {
  const name = sha256Hex(toUtf8(trust.log.name));
  const [seenIn, mirroredIn] = [join(memory, "seen"), join(memory, "seen-mirror")];
  const shown = opened.checkpoint;
  const seen = recall(join(seenIn, name), trust);
  const mirrored = source.isMirror === true ? recall(join(mirroredIn, name), trust) : undefined;
  if (seen !== undefined) await compare(seen, mirrored, await newestFor(seen, { source, trust, opened }));
  if (seen === undefined || seen.treeSize < shown.treeSize) remember(seenIn, name, shown.note);
  if (source.isMirror === true && (mirrored?.treeSize ?? -1) < shown.treeSize)
    remember(mirroredIn, name, shown.note);
}

type Reading = Omit<ShownCheckpoint, "memory">;

/**
 * What is to continue the checkpoint seen before. A reader who asks for witnesses reads the last tree that they have signed, which may
 * be older than what the same person saw without asking: then the log's own newest checkpoint has to continue both.
 */
async function newestFor(seen: VerifiedCheckpoint, { source, trust, opened }: Reading): Promise<Reading> {
  const reading = { source, trust, opened };
  if (trust.quorum === 0 || seen.treeSize <= opened.checkpoint.treeSize) return reading;
  const newest = await readCheckpoint(source, { ...trust, quorum: 0 });
  if (newest.checkpoint.treeSize < seen.treeSize) return reading;
  await checkContinuation({ seen: opened.checkpoint, shown: newest.checkpoint, prove: proveIn(newest) });
  return { ...reading, opened: newest };
}

async function compare(
  seen: VerifiedCheckpoint,
  mirrored: VerifiedCheckpoint | undefined,
  { source, opened }: Reading,
): Promise<void> {
  const shown = opened.checkpoint;
  const isShort = seen.treeSize > shown.treeSize;
  if (source.isMirror === true && isShort && (mirrored?.treeSize ?? -1) <= shown.treeSize) {
    const message =
      `${source.name} is behind: it holds ${shown.treeSize} entries of the log, of which ${seen.treeSize} were seen here; ` +
      "fetch it (countersign evidence fetch), or run countersign ledger mirror where the log is";
    const evidence = [
      { label: "checkpoint seen before", text: seen.note },
      { label: "checkpoint in the mirror", text: shown.note },
    ];
    throw new StoreError("LEDGER_BEHIND", message, { evidence });
  }
  await checkContinuation({ seen, shown, prove: proveIn(opened) });
}

function proveIn({ checkpoint, tiles }: OpenCheckpoint) {
  return (oldSize: number) => proveConsistency(tiles, oldSize, checkpoint.treeSize);
}

/** The checkpoint remembered of a log; undefined where there is none. */
function recall(path: string, trust: LogTrust): VerifiedCheckpoint | undefined {
  const note = readNote(path);
  // Witnesses are not asked again: what this reader believed once, the log has to stand by.
  return note === undefined ? undefined : verifyCheckpoint(note, { ...trust, quorum: 0 }, verifyEd25519);
}

function readNote(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function remember(folder: string, name: string, note: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const scratch = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(scratch, note);
  renameSync(scratch, path);
}
