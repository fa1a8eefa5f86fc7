// SPDX-License-Identifier: Apache-2.0

import { toText, toUtf8 } from "@countersign/core/ids";
import {
  formatSignedNote,
  parseCheckpoint,
  parseSignedNote,
  type SignedNote,
} from "@countersign/core/ledger";
import type { LedgerBackend, LockValue } from "./ports.ts";
import { CHECKPOINT_PATH, COSIGNED_PATH, recover, recoverNewest } from "./publish.ts";
import { parseRegister } from "./register.ts";

/**
 * Puts witnesses' signatures beside a log: into the newest checkpoint where they are about that, and in any case into the
 * newest cosigned one. Signatures of several witnesses on one checkpoint are kept together.
 */
export async function publishCosigned(backend: LedgerBackend, note: string): Promise<void> {
  const { objects } = backend;
  const cosigned = await objects.get(COSIGNED_PATH);
  const newer = merge(cosigned, note);
  if (newer !== undefined) await objects.replaceLazily(COSIGNED_PATH, toUtf8(newer));
  const checkpoint = await objects.get(CHECKPOINT_PATH);
  if (checkpoint !== undefined && isSameText(toText(checkpoint), note)) {
    const merged = merge(checkpoint, newer ?? note);
    if (merged !== undefined) await objects.replaceLazily(CHECKPOINT_PATH, toUtf8(merged));
    // Others may have appended since it was read, and published what is now written over.
    await recoverNewest(backend, async (lock) => {
      if (registeredSize(lock) > sizeOf(parseSignedNote(note))) await recover(backend, lock);
    });
  }
  await objects.sync();
}

/** Undefined where what is there already is about a larger tree. */
function merge(known: Uint8Array | undefined, note: string): string | undefined {
  if (known === undefined) return note;
  const [old, own] = [parseSignedNote(known), parseSignedNote(note)];
  if (old.text !== own.text) return sizeOf(old) > sizeOf(own) ? undefined : note;
  const added = own.signatures.filter(
    ({ name, keyId }) => !old.signatures.some((each) => each.name === name && each.keyId === keyId),
  );
  return formatSignedNote({ text: old.text, signatures: [...old.signatures, ...added] });
}

function isSameText(a: string, b: string): boolean {
  return parseSignedNote(a).text === parseSignedNote(b).text;
}

function sizeOf({ text }: SignedNote): number {
  return parseCheckpoint(text).treeSize;
}

function registeredSize({ bytes }: LockValue): number {
  return sizeOf(parseSignedNote(parseRegister(bytes).note));
}
