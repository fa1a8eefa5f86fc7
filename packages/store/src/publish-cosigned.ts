// SPDX-License-Identifier: Apache-2.0

import { sha256Hex, toUtf8 } from "@countersign/core/ids";
import {
  formatSignedNote,
  parseCheckpoint,
  parseSignedNote,
  type SignedNote,
} from "@countersign/core/ledger";
import type { LedgerBackend, LedgerObjects, LockValue } from "./ports.ts";
import { CHECKPOINT_PATH, COSIGNED_PATH, recover, recoverNewest } from "./publish.ts";
import { parseRegister } from "./register.ts";

/** What each witness brought last, under a name that no other witness writes. */
const OWN_FOLDER = "cosigned";

/**
 * Puts the signature of a witness, the note's last, beside a log: into the newest checkpoint where it is about that, and in any case
 * into the newest cosigned one, where the signatures of several witnesses on one checkpoint are kept together. Of two that bring theirs
 * at once neither is lost: each writes its own first, and whoever writes them together looks afterwards whether others came meanwhile.
 */
export async function publishCosigned(backend: LedgerBackend, note: string): Promise<void> {
  const { objects } = backend;
  await objects.replaceLazily(`${OWN_FOLDER}/${ownNameOf(note)}`, toUtf8(note));
  for (let written: string | undefined; ; ) {
    const together = await mergeAll(objects, note);
    if (together === written) break;
    await objects.replaceLazily(COSIGNED_PATH, toUtf8(together));
    await publishInNewest(backend, together);
    written = together;
  }
  await objects.sync();
}

function ownNameOf(note: string): string {
  const own = parseSignedNote(note).signatures.at(-1);
  return sha256Hex(toUtf8(`${own?.name}+${own?.keyId}`)).slice(0, 32);
}

/** The newest cosigned checkpoint with all that witnesses said of it. */
async function mergeAll(objects: LedgerObjects, own: string): Promise<string> {
  const paths = (await objects.list(OWN_FOLDER)).map((name) => `${OWN_FOLDER}/${name}`).sort();
  let together = parseSignedNote(own);
  for (const path of [COSIGNED_PATH, ...paths]) {
    const known = parseWhole(await objects.get(path));
    if (known !== undefined) together = merge(together, known);
  }
  return formatSignedNote(together);
}

/** Undefined for nothing, for what a power failure cut off, and for what is no checkpoint: a witness's own is not held up by another's. */
function parseWhole(bytes: Uint8Array | undefined): SignedNote | undefined {
  try {
    const note = bytes && parseSignedNote(bytes);
    if (note !== undefined) parseCheckpoint(note.text);
    return note;
  } catch {
    return undefined;
  }
}

async function publishInNewest(backend: LedgerBackend, cosigned: string): Promise<void> {
  const { objects } = backend;
  const checkpoint = parseWhole(await objects.get(CHECKPOINT_PATH));
  const note = parseSignedNote(cosigned);
  if (checkpoint === undefined || checkpoint.text !== note.text) return;
  await objects.replaceLazily(CHECKPOINT_PATH, toUtf8(formatSignedNote(merge(checkpoint, note))));
  // Others may have appended since it was read, and published what is now written over.
  await recoverNewest(backend, async (lock) => {
    return registeredSize(lock) > sizeOf(note) ? await recover(backend, lock) : undefined;
  });
}

/** The one about the larger tree, or both; a signature that both have is the first's. */
function merge(first: SignedNote, second: SignedNote): SignedNote {
  if (first.text !== second.text) return sizeOf(second) > sizeOf(first) ? second : first;
  const added = second.signatures.filter(
    ({ name, keyId }) => !first.signatures.some((each) => each.name === name && each.keyId === keyId),
  );
  return { text: first.text, signatures: [...first.signatures, ...added] };
}

function sizeOf({ text }: SignedNote): number {
  return parseCheckpoint(text).treeSize;
}

function registeredSize({ bytes }: LockValue): number {
  return sizeOf(parseSignedNote(parseRegister(bytes).note));
}
