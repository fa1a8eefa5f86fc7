// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "./core-error.ts";
import { once } from "./once.ts";

const encoder = new TextEncoder();
const lenient = once(() => new TextDecoder("utf-8", { ignoreBOM: true }));
const strict = once(() => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }));

/** UTF-8 bytes of a string; lone surrogates become U+FFFD, as the platform defines. */
export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Text of UTF-8 bytes for display or matching; malformed sequences become U+FFFD. */
export function toText(bytes: Uint8Array): string {
  return lenient().decode(bytes);
}

/** Text of UTF-8 bytes; throws CoreError ENCODING_MALFORMED when they are not UTF-8. */
export function parseUtf8(bytes: Uint8Array): string {
  try {
    return strict().decode(bytes);
  } catch (cause) {
    throw new CoreError("ENCODING_MALFORMED", "expected UTF-8 text", { cause });
  }
}

// Ids, hashes and keys go through these by the hundred thousand: loops, where a callback for each byte took four times as long.

export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Bytes of lower-case hex of even length; throws CoreError ENCODING_MALFORMED. */
export function parseHex(text: string): Uint8Array<ArrayBuffer> {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) {
    throw new CoreError("ENCODING_MALFORMED", "expected lower-case hex of even length");
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  const CHUNK = 0x8000;
  let binary = "";
  for (let i = 0; i < bytes.length; i += CHUNK) {
    // Spreading asks an iterator for every byte, which takes six times as long.
    binary += Reflect.apply(String.fromCharCode, null, bytes.subarray(i, i + CHUNK));
  }
  return btoa(binary);
}

/**
 * Bytes of base64, standard or URL-safe alphabet, padding optional (DSSE: "both alphabets are accepted").
 * Throws CoreError ENCODING_MALFORMED on anything else, white space included.
 */
export function parseBase64(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) {
    throw new CoreError("ENCODING_MALFORMED", "expected base64");
  }
  const plain = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (plain.length % 4 === 1) throw new CoreError("ENCODING_MALFORMED", "base64 of impossible length");
  const binary = atob(plain);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
