// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { formatCosignature, toCosignedMessage } from "./cosignature.ts";
import { formatSignedNote, type NoteSignature } from "./signed-note.ts";
import { type NoteKeyType, toVerifierKey, type VerifierKey } from "./verifier-key.ts";

// Keys and signatures for tests; no product code imports this file.

const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

export function verifyEd25519(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: "der", type: "spki" });
  return verify(null, data, key, signature);
}

export interface TestSigner {
  readonly key: VerifierKey;
  readonly sign: (text: string, at?: number) => NoteSignature;
}

/** A signer whose key follows from a number: tests print the same bytes every time. */
export function createSigner(name: string, seed: number, type: NoteKeyType = "ed25519"): TestSigner {
  const der = Buffer.concat([PKCS8, Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const raw = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  const key = toVerifierKey(name, type, new Uint8Array(raw));
  return {
    key,
    sign: (text, at = 0) => {
      const message = type === "ed25519" ? Buffer.from(text) : toCosignedMessage(text, at);
      const signed = new Uint8Array(sign(null, message, secret));
      const signature = type === "ed25519" ? signed : formatCosignature(at, signed);
      return { name, keyId: key.keyId, signature };
    },
  };
}

export function signNote(text: string, ...signers: readonly TestSigner[]): string {
  return formatSignedNote({ text, signatures: signers.map((signer) => signer.sign(text, 1_780_000_000)) });
}
