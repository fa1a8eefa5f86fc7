// SPDX-License-Identifier: Apache-2.0
import { CoreError, concatBytes, parseBase64, sha256Bytes, toBase64, toHex, toUtf8 } from "../ids/index.ts";

/** What a key signs: notes (0x01), or cosignatures with a time (0x04). */
export type NoteKeyType = "ed25519" | "cosignature";

/** A key that notes are verified with (signed-note, “vkey”). Name and id together say which key a signature is by. */
export interface VerifierKey {
  readonly name: string;
  /** Eight lower-case hex characters. */
  readonly keyId: string;
  readonly type: NoteKeyType;
  /** 32 raw bytes. */
  readonly publicKey: Uint8Array;
}

const TYPE_BYTE: Readonly<Record<NoteKeyType, number>> = { ed25519: 0x01, cosignature: 0x04 };
const KEY_BYTES = 32;
const MAX_NAME = 256;

/** No Unicode spaces, no plus, no control characters: a name stands between spaces, and in front of a plus. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= MAX_NAME && name.isWellFormed() && !/[\s+\p{Cc}\p{Z}]/u.test(name);
}

/** A key as a verifier key. Throws CoreError KEY_MALFORMED on a name or key that cannot be one. */
export function toVerifierKey(name: string, type: NoteKeyType, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) {
    throw malformed(
      `the name ${JSON.stringify(name.slice(0, 80))}: expected no spaces and no plus, such as example.com/log`,
    );
  }
  if (publicKey.length !== KEY_BYTES)
    throw malformed(`expected ${KEY_BYTES} bytes of key, got ${publicKey.length}`);
  const signed = concatBytes(toUtf8(`${name}\n`), Uint8Array.of(TYPE_BYTE[type]), publicKey);
  return { name, keyId: toHex(sha256Bytes(signed).slice(0, 4)), type, publicKey };
}

/** `<name>+<8 hex>+<base64>`. */
export function formatVerifierKey({ name, keyId, type, publicKey }: VerifierKey): string {
  return `${name}+${keyId}+${toBase64(concatBytes(Uint8Array.of(TYPE_BYTE[type]), publicKey))}`;
}

/**
 * A key from its text, which must be the only way to write it. Throws CoreError KEY_MALFORMED, also where the id is not
 * that of the key: an id from elsewhere would make every signature look like somebody else's.
 */
export function parseVerifierKey(text: string): VerifierKey {
  // Only at the first two: base64 has plus signs of its own.
  const [, name = "", keyId = "", base64 = ""] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text) ?? [];
  const bytes = readBase64(base64);
  const type = (["ed25519", "cosignature"] as const).find((each) => TYPE_BYTE[each] === bytes[0]);
  if (type === undefined) {
    throw malformed(
      "expected <name>+<id>+<key> with an Ed25519 key (0x01) or witness key (0x04), such as `countersign ledger init` prints",
    );
  }
  const key = toVerifierKey(name, type, bytes.slice(1));
  if (key.keyId !== keyId || formatVerifierKey(key) !== text) {
    throw malformed(
      `the id ${JSON.stringify(keyId.slice(0, 16))} is not this key's; expected ${formatVerifierKey(key)}`,
    );
  }
  return key;
}

function readBase64(text: string): Uint8Array {
  try {
    return parseBase64(text);
  } catch (cause) {
    throw new CoreError("KEY_MALFORMED", "verifier key: expected base64 after the second plus", { cause });
  }
}

function malformed(reason: string): CoreError {
  return new CoreError("KEY_MALFORMED", `verifier key: ${reason}`);
}
