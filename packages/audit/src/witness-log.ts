// SPDX-License-Identifier: Apache-2.0
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
import {
  type LedgerLock,
  type LockValue,
  type NoteSigner,
  openFolderBackend,
  StoreError,
  verifyEd25519,
} from "@countersign/store";
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
  return parseLast(await openMemory(witness, log).fetch(), log)?.treeSize ?? 0;
}

/**
 * Cosigns a checkpoint and returns the note with the witness's signature added. What it signs is written down first, durably and only
 * over what it was held against: a witness that forgot, or two at once that each know less than both, could be made to sign a fork.
 * Throws CoreError where the log has not signed, and StoreError LEDGER_ROLLED_BACK or LEDGER_FORKED, with both checkpoints, where the
 * new one does not continue the old; CONTENDED where the same witness cosigned in the meantime.
 */
export async function cosignCheckpoint(
  witness: Witness,
  request: WitnessRequest,
  clock: Clock,
): Promise<string> {
  const { log, note, proof } = request;
  const shown = verifyCheckpoint(note, { log, witnesses: [], quorum: 0 }, verifyEd25519);
  const memory = openMemory(witness, log);
  const remembered = await memory.fetch();
  checkContinuation(parseLast(remembered, log), shown, proof);
  const isWritten = await (remembered === undefined
    ? memory.create(toUtf8(note))
    : memory.replace(remembered, toUtf8(note)));
  if (!isWritten) {
    const message = `not cosigned: ${witness.signer.key.name} cosigned another checkpoint of ${log.name} in the meantime; run it again`;
    throw new StoreError("CONTENDED", message);
  }
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

/** The same register that decides between writers of a log decides between two runs of a witness. */
function openMemory({ folder }: Witness, log: VerifierKey): LedgerLock {
  return openFolderBackend(join(folder, "logs", sha256Hex(toUtf8(log.name)))).lock;
}

function parseLast(value: LockValue | undefined, log: VerifierKey): VerifiedCheckpoint | undefined {
  if (value === undefined) return undefined;
  return verifyCheckpoint(value.bytes, { log, witnesses: [], quorum: 0 }, verifyEd25519);
}
