// SPDX-License-Identifier: Apache-2.0
import { CoreError, toBase64, toText } from "../ids/index.ts";
import { type Checkpoint, parseCheckpoint } from "./checkpoint.ts";
import { findVerified, parseSignedNote, type VerifyEd25519, verifySignedNote } from "./signed-note.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** Whom a reader believes about a log. */
export interface LogTrust {
  readonly log: VerifierKey;
  /** Keys of witnesses, each of another party. */
  readonly witnesses: readonly VerifierKey[];
  /** How many of them must have cosigned; 0 for none. */
  readonly quorum: number;
}

/** A checkpoint that its log signed, and as many witnesses as were asked for. */
export interface VerifiedCheckpoint extends Checkpoint {
  /** The signed note, as it was. */
  readonly note: string;
  /** Witnesses whose cosignature verified; `at` in seconds since the epoch, as they claim. */
  readonly cosigned: readonly { readonly witness: VerifierKey; readonly at: number }[];
}

/**
 * Verifies a checkpoint. Throws CoreError SIGNED_NOTE_MALFORMED, CHECKPOINT_MALFORMED, SIGNATURE_INVALID (also where the
 * origin is not the key's name: one key would speak for another log), or QUORUM_MISSING.
 */
export function verifyCheckpoint(
  note: Uint8Array | string,
  { log, witnesses, quorum }: LogTrust,
  verifyRaw: VerifyEd25519,
): VerifiedCheckpoint {
  const signed = parseSignedNote(note);
  // The log's signature first, by itself: a crowd of witnesses makes no log's checkpoint.
  verifySignedNote(signed, [log], verifyRaw);
  const checkpoint = parseCheckpoint(signed.text);
  if (checkpoint.origin !== log.name) {
    const message = `the checkpoint is one of ${JSON.stringify(checkpoint.origin)}, expected ${log.name}`;
    throw new CoreError("SIGNATURE_INVALID", message);
  }
  const timed = witnesses.filter(({ type }) => type === "cosignature");
  const cosigned = distinctWitnesses(findVerified(signed, timed, verifyRaw));
  if (cosigned.length < quorum) {
    const names = cosigned.map(({ witness }) => witness.name).join(", ") || "none of them";
    throw new CoreError(
      "QUORUM_MISSING",
      `the checkpoint of ${checkpoint.treeSize} entries needs ${quorum} of ${timed.length} witnesses, it has ${cosigned.length} (${names})`,
    );
  }
  return { ...checkpoint, note: typeof note === "string" ? note : toText(note), cosigned };
}

/** A cosignature does not cover its name, so that one key under two names is one witness. */
function distinctWitnesses(verified: ReturnType<typeof findVerified>) {
  const byKey = new Map<string, { readonly witness: VerifierKey; readonly at: number }>();
  for (const { key, at } of verified) {
    const id = toBase64(key.publicKey);
    if (at !== null && !byKey.has(id)) byKey.set(id, { witness: key, at });
  }
  return [...byKey.values()];
}
