// SPDX-License-Identifier: Apache-2.0
import { sha256Bytes } from "../ids/index.ts";

/** SHA-256 of bytes; an adapter may lend its platform's, which is faster. */
export type HashBytes = (bytes: Uint8Array) => Uint8Array;

/** Characters of a fingerprint. */
export const FINGERPRINT_LENGTH = 8;
const BYTES = 6;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const FINGERPRINT = /^[A-Za-z0-9_-]{8}$/;

/**
 * First 48 bits of the SHA-256 of a line's bytes without ASCII white space, in base64url. Tells lines of one
 * repository apart, not lines chosen to collide: a match is evidence of grade `derived`, never proof.
 */
export function fingerprintLine(line: string, hash: HashBytes = sha256Bytes): string {
  const text = line.replace(/[\t-\r ]+/g, "");
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const digest = hash(bytes);
  let fingerprint = "";
  for (let i = 0; i < BYTES; i += 3) {
    const bits = ((digest[i] as number) << 16) | ((digest[i + 1] as number) << 8) | (digest[i + 2] as number);
    for (let shift = 18; shift >= 0; shift -= 6) fingerprint += ALPHABET[(bits >> shift) & 63];
  }
  return fingerprint;
}

export function isFingerprint(text: string): boolean {
  return FINGERPRINT.test(text);
}
