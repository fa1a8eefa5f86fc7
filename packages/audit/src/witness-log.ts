// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreError, sha256Hex, toUtf8 } from "@countersign/core/ids";
import {
  EMPTY_ROOT,
  formatCosignature,
  formatSignedNote,
  parseSignedNote,
  type TreeHash,
  toCosignedMessage,
  type VerifiedCheckpoint,
  type VerifierKey,
  verifyCheckpoint,
  verifyConsistency,
} from "@countersign/core/ledger";
import { type NoteSigner, StoreError, verifyEd25519 } from "@countersign/store";
import type { Clock } from "./append-to-ledger.ts";

/** A party that signs a log's checkpoints, and only such as continue the last one it signed. */
export interface Witness {
  readonly signer: NoteSigner;
  /** Folder in which it keeps the last checkpoint of each log. */
  readonly folder: string;
}

/** What a log asks of a witness (tlog-witness, add-checkpoint). */
export interface WitnessRequest {
  readonly log: VerifierKey;
  /** The log's signed note. */
  readonly note: string;
  /** Hashes that lead from the last checkpoint that the witness signed to this one. */
  readonly proof: readonly TreeHash[];
}

/** Size of the last checkpoint of a log that a witness has signed; 0 for none. */
export async function readWitnessedSize(witness: Witness, log: VerifierKey): Promise<number> {
  return (await readLast(witness, log))?.treeSize ?? 0;
}

/**
 * Cosigns a checkpoint and returns the note with the witness's signature added. What it signs is written down first: a
 * witness that forgot could be made to sign a fork. Throws CoreError where the log has not signed, and StoreError
 * LEDGER_ROLLED_BACK or LEDGER_FORKED, with both checkpoints, where the new one does not continue the old.
 */
export async function cosignCheckpoint(
  witness: Witness,
  request: WitnessRequest,
  clock: Clock,
): Promise<string> {
  const { log, note, proof } = request;
  const shown = verifyCheckpoint(note, { log, witnesses: [], quorum: 0 }, verifyEd25519);
  const last = await readLast(witness, log);
  checkContinuation(last, shown, proof);
  await writeLast(witness, log, note);
  const { text, signatures } = parseSignedNote(note);
  const { key, signBytes } = witness.signer;
  const at = clock();
  const signature = formatCosignature(at, signBytes(toCosignedMessage(text, at)));
  const others = signatures.filter(({ name, keyId }) => name !== key.name || keyId !== key.keyId);
  return formatSignedNote({ text, signatures: [...others, { name: key.name, keyId: key.keyId, signature }] });
}

function checkContinuation(
  last: VerifiedCheckpoint | undefined,
  shown: VerifiedCheckpoint,
  proof: readonly TreeHash[],
): void {
  const evidence = [
    ...(last === undefined ? [] : [{ label: "checkpoint cosigned before", text: last.note }]),
    { label: "checkpoint shown now", text: shown.note },
  ];
  if (last !== undefined && last.treeSize > shown.treeSize) {
    const message = `this witness has cosigned ${last.treeSize} entries of the log, and is shown ${shown.treeSize}`;
    throw new StoreError("LEDGER_ROLLED_BACK", message, { evidence });
  }
  try {
    const roots = { oldSize: last?.treeSize ?? 0, oldRoot: last?.rootHash ?? EMPTY_ROOT };
    verifyConsistency({ ...roots, newSize: shown.treeSize, newRoot: shown.rootHash, proof });
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    const message = `not cosigned: the ${shown.treeSize} entries shown do not continue the ${last?.treeSize ?? 0} cosigned before`;
    throw new StoreError("LEDGER_FORKED", message, { cause, evidence });
  }
}

async function readLast({ folder }: Witness, log: VerifierKey): Promise<VerifiedCheckpoint | undefined> {
  const text = await readFile(pathOf(folder, log), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  return verifyCheckpoint(text, { log, witnesses: [], quorum: 0 }, verifyEd25519);
}

async function writeLast({ folder }: Witness, log: VerifierKey, note: string): Promise<void> {
  const path = pathOf(folder, log);
  await mkdir(join(folder, "logs"), { recursive: true });
  await writeFile(`${path}.new`, note, { flush: true });
  await rename(`${path}.new`, path);
}

function pathOf(folder: string, log: VerifierKey): string {
  return join(folder, "logs", sha256Hex(toUtf8(log.name)));
}
