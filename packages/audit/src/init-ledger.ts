// SPDX-License-Identifier: Apache-2.0
import {
  createLedger,
  createNoteKey,
  type NoteSigner,
  openFolderBackend,
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

/** Makes an empty log in a folder, with a key of its own; a log that is there already is left as it is. */
export async function initLedger(dir: string, origin: string | undefined): Promise<InitializedLedger> {
  const signer = findKey(dir) ?? createNoteKey(dir, origin ?? "");
  const keys = { log: signer.key, sign: (text: string) => signNoteText(signer, text), verify: verifyEd25519 };
  // With a key and no log, an earlier attempt was cut off between the two.
  return { signer, isNew: await createLedger(openFolderBackend(dir), keys) };
}

export function findKey(dir: string): NoteSigner | undefined {
  try {
    return readNoteKey(dir);
  } catch (error) {
    if (error instanceof StoreError && error.code === "LEDGER_MISSING") return undefined;
    throw error;
  }
}
