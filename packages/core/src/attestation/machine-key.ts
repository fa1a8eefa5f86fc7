// SPDX-License-Identifier: Apache-2.0
import {
  CoreError,
  concatBytes,
  isSameBytes,
  parseBase64,
  parseHex,
  type Sha256,
  sha256Hex,
  toBase64,
} from "../ids/index.ts";
import { parsePublicKey, parsePublicKeyBlob, type SshPublicKey } from "./ssh-public-key.ts";
import { toWireString } from "./ssh-wire.ts";

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 §4): there is only one such encoding. */
const SPKI_PREFIX = parseHex("302a300506032b6570032100");
const PEM = /^-----BEGIN PUBLIC KEY-----([\s\S]*)-----END PUBLIC KEY-----$/;
const MOST_CHARACTERS = 1024;

/**
 * The Ed25519 key of a machine: an `ssh-ed25519 AAAA…` line, or SubjectPublicKeyInfo as `openssl pkey -pubout` writes it,
 * with or without the BEGIN and END lines. Throws CoreError KEY_MALFORMED; keys of small order are refused too.
 */
export function parseMachineKey(text: string): SshPublicKey {
  const trimmed = text.trim();
  if (trimmed.length > MOST_CHARACTERS) throw malformed();
  if (trimmed.startsWith("ssh-")) return requireEd25519(parsePublicKey(trimmed));
  const base64 = (PEM.exec(trimmed)?.[1] ?? trimmed).replace(/\s+/g, "");
  const der = readBase64(base64);
  const prefix = der.subarray(0, SPKI_PREFIX.length);
  // One key, one spelling: two spellings of a key could otherwise pass for two machines.
  const isExact = isSameBytes(prefix, SPKI_PREFIX) && toBase64(der) === base64;
  if (!isExact || der.length !== SPKI_PREFIX.length + 32) throw malformed();
  return toMachineKey(der.subarray(SPKI_PREFIX.length));
}

/** The key with these 32 raw bytes. Throws CoreError KEY_MALFORMED. */
export function toMachineKey(raw: Uint8Array): SshPublicKey {
  return parsePublicKeyBlob(concatBytes(toWireString("ssh-ed25519"), toWireString(raw)));
}

/** What an envelope's `keyid` says: SHA-256 of the 32 raw bytes, lower-case hex. */
export function toMachineKeyId(key: SshPublicKey): Sha256 {
  const { material } = requireEd25519(key);
  if (material.kind !== "ed25519") throw malformed();
  return sha256Hex(material.point);
}

/** Hardware keys wait for a touch, which no pipeline gives; and they sign something else than the message. */
function requireEd25519(key: SshPublicKey): SshPublicKey {
  if (key.type === "ssh-ed25519") return key;
  throw new CoreError("KEY_MALFORMED", `a machine signs with ssh-ed25519, this is a key of type ${key.type}`);
}

function readBase64(text: string): Uint8Array {
  try {
    return parseBase64(text);
  } catch {
    throw malformed();
  }
}

function malformed(): CoreError {
  return new CoreError(
    "KEY_MALFORMED",
    "expected an Ed25519 public key: an ssh-ed25519 line, or what `openssl pkey -in KEY -pubout` prints",
  );
}
