// SPDX-License-Identifier: Apache-2.0
import {
  createLedger,
  createNoteKey,
  type NoteSigner,
  nameBucket,
  openBackend,
  openLedger,
  readBucket,
  readNoteKey,
  StoreError,
  signNoteText,
  verifyEd25519,
} from "@countersign/store";

export interface InitializedLedger {
  readonly signer: NoteSigner;
  /** False where there was a log already. */
  readonly isNew: boolean;
}

/**
 * Makes an empty log in a folder, or in the bucket that is named here for it, with a key of its own in the folder; a log that is there
 * already is left as it is.
 */
export async function initLedger(
  dir: string,
  origin: string | undefined,
  bucket?: string,
): Promise<InitializedLedger> {
  if (bucket !== undefined) await nameBucket(dir, bucket);
  const signer = findKey(dir) ?? createNoteKey(dir, origin ?? "");
  const keys = { log: signer.key, sign: (text: string) => signNoteText(signer, text), verify: verifyEd25519 };
  // With a key and no log, an earlier attempt was cut off between the two.
  const backend = await openBackend(dir);
  const isNew = await createLedger(backend, keys);
  // A bucket that somebody else's log is in: the key that was just made would be said to be that log's.
  if (!isNew && readBucket(dir) !== undefined)
    await openLedger({ backend, trust: { log: signer.key, witnesses: [], quorum: 0 }, memory: null });
  return { signer, isNew };
}

export function findKey(dir: string): NoteSigner | undefined {
  try {
    return readNoteKey(dir);
  } catch (error) {
    if (error instanceof StoreError && error.code === "LEDGER_MISSING") return undefined;
    throw error;
  }
}
