// SPDX-License-Identifier: Apache-2.0
import {
  CoreError,
  concatBytes,
  parseBase64,
  parseHex,
  parseUtf8,
  toBase64,
  toHex,
  toUtf8,
} from "../ids/index.ts";
import { readCosignature, toCosignedMessage } from "./cosignature.ts";
import { isKeyName, type VerifierKey } from "./verifier-key.ts";

/** One signature line; what the bytes after the id mean, the key's type says. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** Text with signatures (signed-note). The text ends in a newline and means nothing before a signature was verified. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that verified. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** Seconds since the epoch that a cosignature claims; null for a plain signature. */
  readonly at: number | null;
}

/** True when `signature` (64 bytes) of `data` was made by the Ed25519 key `publicKey` (32 bytes). Never throws. */
export type VerifyEd25519 = (publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array) => boolean;

/** A checkpoint has a few hundred bytes; 100 post-quantum cosignatures would still fit. */
export const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids them
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const LINE = /^— (\S+) ([A-Za-z0-9+/=]+)$/u;

/** Throws CoreError SIGNED_NOTE_MALFORMED. */
export function parseSignedNote(bytes: Uint8Array | string): SignedNote {
  const note = readText(bytes);
  // The last blank line: the text may hold others.
  const split = note.lastIndexOf("\n\n");
  const lines = note.slice(split + 2).split("\n");
  if (split < 0 || lines.pop() !== "") throw malformed("expected a text, a blank line, and signature lines");
  if (lines.length === 0) throw malformed("expected at least one signature");
  if (lines.length > MAX_SIGNATURES)
    throw malformed(`expected at most ${MAX_SIGNATURES} signatures, got ${lines.length}`);
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

/** Throws CoreError SIGNED_NOTE_MALFORMED on what {@link parseSignedNote} would not read back alike. */
export function formatSignedNote({ text, signatures }: SignedNote): string {
  if (!text.endsWith("\n")) throw malformed("expected a text that ends in a newline");
  const note = `${text}\n${signatures.map(formatSignature).join("")}`;
  parseSignedNote(note);
  return note;
}

export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(concatBytes(parseHex(keyId), signature))}\n`;
}

/** What {@link findVerified} finds, which must be something: throws CoreError SIGNATURE_INVALID also where no known key signed. */
export function verifySignedNote(
  note: SignedNote,
  keys: readonly VerifierKey[],
  verifyRaw: VerifyEd25519,
): readonly VerifiedSignature[] {
  const verified = findVerified(note, keys, verifyRaw);
  if (verified.length > 0) return verified;
  const names = keys.map(({ name, keyId }) => `${name}+${keyId}`).join(", ");
  throw new CoreError("SIGNATURE_INVALID", `the note is not signed by any key that is known here (${names})`);
}

/**
 * The signatures by keys that are known, each key once, in the order of the note; empty where none of them signed. Others are ignored, as
 * the format demands: names and ids are free to whoever writes a line. Throws CoreError SIGNATURE_INVALID where a known key's signature
 * fails, which condemns the whole note.
 */
export function findVerified(
  note: SignedNote,
  keys: readonly VerifierKey[],
  verifyRaw: VerifyEd25519,
): readonly VerifiedSignature[] {
  const verified = new Map<VerifierKey, VerifiedSignature>();
  for (const signature of note.signatures) {
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    if (key === undefined) continue;
    const own = verifyOne(note.text, signature, key, verifyRaw);
    if (!verified.has(key)) verified.set(key, own);
  }
  return [...verified.values()];
}

function verifyOne(
  text: string,
  { signature }: NoteSignature,
  key: VerifierKey,
  verifyRaw: VerifyEd25519,
): VerifiedSignature {
  const isTimed = key.type === "cosignature";
  const parts = isTimed ? readCosignature(signature) : { at: null, raw: signature };
  const message = parts?.at == null ? toUtf8(text) : toCosignedMessage(text, parts.at);
  if (parts === undefined || parts.raw.length !== 64 || !verifyRaw(key.publicKey, message, parts.raw)) {
    throw new CoreError(
      "SIGNATURE_INVALID",
      `the signature by ${key.name}+${key.keyId} does not match the note`,
    );
  }
  return { key, at: parts.at };
}

function readText(bytes: Uint8Array | string): string {
  const text = typeof bytes === "string" ? bytes : decode(bytes);
  if (text.length > MAX_NOTE_BYTES) throw malformed(`expected at most ${MAX_NOTE_BYTES} bytes`);
  if (!text.isWellFormed() || CONTROL.test(text))
    throw malformed("expected UTF-8 without control characters");
  return text;
}

function decode(bytes: Uint8Array): string {
  try {
    return parseUtf8(bytes);
  } catch (cause) {
    throw new CoreError("SIGNED_NOTE_MALFORMED", "signed note: expected UTF-8", { cause });
  }
}

function parseSignature(line: string): NoteSignature {
  const [, name = "", base64 = ""] = LINE.exec(line) ?? [];
  if (!isKeyName(name)) throw malformed("expected signature lines of the form: — <name> <base64>");
  const bytes = readBase64(base64);
  if (bytes.length < 5) throw malformed(`expected a key's id and a signature by ${name}`);
  return { name, keyId: toHex(bytes.slice(0, 4)), signature: bytes.slice(4) };
}

function readBase64(text: string): Uint8Array {
  try {
    const bytes = parseBase64(text);
    if (toBase64(bytes) === text) return bytes;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
  }
  throw malformed("expected signatures in padded base64");
}

function malformed(reason: string): CoreError {
  return new CoreError("SIGNED_NOTE_MALFORMED", `signed note: ${reason}`);
}
