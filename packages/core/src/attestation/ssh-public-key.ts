// SPDX-License-Identifier: Apache-2.0
import { CoreError, isSameBytes, parseBase64, sha256Bytes, toBase64, toUtf8 } from "../ids/index.ts";
import { isStrongEd25519Point } from "./ed25519-point.ts";
import { readMpint, readWireStrings, takeWireStrings, toAscii } from "./ssh-wire.ts";

export type EcdsaCurve = "nistp256" | "nistp384" | "nistp521";

export type SshKeyType =
  | "ssh-ed25519"
  | "ssh-rsa"
  | `ecdsa-sha2-${EcdsaCurve}`
  | "sk-ssh-ed25519@openssh.com"
  | "sk-ecdsa-sha2-nistp256@openssh.com";

/** The mathematical key, without SSH's packing. */
export type SshKeyMaterial =
  | { readonly kind: "ed25519" /** 32 bytes. */; readonly point: Uint8Array }
  | { readonly kind: "ecdsa"; readonly curve: EcdsaCurve /** 0x04 ‖ X ‖ Y. */; readonly point: Uint8Array }
  | {
      readonly kind: "rsa" /** Big-endian, no leading zero. */;
      readonly exponent: Uint8Array;
      readonly modulus: Uint8Array;
    };

/** A public key that passed every check that needs no big arithmetic. */
export interface SshPublicKey {
  readonly type: SshKeyType;
  /** The exact wire bytes: two keys are the same key when these are equal. */
  readonly blob: Uint8Array;
  readonly material: SshKeyMaterial;
  /** FIDO application of an `sk-` key, such as `ssh:`; null for other keys. */
  readonly application: string | null;
}

export const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 16_384;
const MAX_KEY_BYTES = 4096;
const COORDINATE_BYTES: Readonly<Record<EcdsaCurve, number>> = { nistp256: 32, nistp384: 48, nistp521: 66 };
const LINE = /^([a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+[^\r\n]*)?\r?\n?$/;

/** Bytes of one coordinate, and so of r and of s. */
export function toCoordinateBytes(curve: EcdsaCurve): number {
  return COORDINATE_BYTES[curve];
}

/**
 * Parses `<type> <base64> [comment]`, one line, as in a `.pub` file. Options and certificates are refused: they
 * change what a key may do, and nothing here would obey them. Throws CoreError KEY_MALFORMED.
 */
export function parsePublicKey(line: string): SshPublicKey {
  const [, type, base64] = (line.length <= 4 * MAX_KEY_BYTES ? LINE.exec(line) : null) ?? [];
  if (type === undefined || base64 === undefined) {
    throw new CoreError(
      "KEY_MALFORMED",
      'expected a public key such as "ssh-ed25519 AAAAC3Nza…", the content of a .pub file',
    );
  }
  const key = parsePublicKeyBlob(parseKeyBase64(base64));
  if (key.type !== type)
    throw new CoreError("KEY_MALFORMED", `the line says ${type}, the key itself ${key.type}`);
  return key;
}

/** `<type> <base64>`, the one spelling by which keys are compared. */
export function formatPublicKey(key: SshPublicKey): string {
  return `${key.type} ${toBase64(key.blob)}`;
}

/** `SHA256:…` as `ssh-keygen -l` prints it. */
export function toFingerprint(key: SshPublicKey): string {
  return `SHA256:${toBase64(sha256Bytes(key.blob)).replace(/=+$/, "")}`;
}

/** Parses the wire form of a public key. Throws CoreError KEY_MALFORMED. */
export function parsePublicKeyBlob(blob: Uint8Array): SshPublicKey {
  if (blob.length > MAX_KEY_BYTES)
    throw new CoreError("KEY_MALFORMED", `expected at most ${MAX_KEY_BYTES} bytes of key`);
  const type = toAscii(takeWireStrings(blob, 1, "KEY_MALFORMED").strings[0] ?? blob);
  switch (type) {
    case "ssh-ed25519":
      return { type, blob, material: toEd25519(readKeyFields(blob, 2)[1]), application: null };
    case "ecdsa-sha2-nistp256":
    case "ecdsa-sha2-nistp384":
    case "ecdsa-sha2-nistp521":
      return { type, blob, material: toEcdsa(type, readKeyFields(blob, 3)), application: null };
    case "ssh-rsa":
      return { type, blob, material: toRsa(readKeyFields(blob, 3)), application: null };
    case "sk-ssh-ed25519@openssh.com": {
      const fields = readKeyFields(blob, 3);
      return { type, blob, material: toEd25519(fields[1]), application: toApplication(fields[2]) };
    }
    case "sk-ecdsa-sha2-nistp256@openssh.com": {
      const fields = readKeyFields(blob, 4);
      return {
        type,
        blob,
        material: toEcdsa("ecdsa-sha2-nistp256", fields),
        application: toApplication(fields[3]),
      };
    }
    default:
      throw unsupported(type);
  }
}

function parseKeyBase64(base64: string): Uint8Array {
  try {
    const blob = parseBase64(base64);
    if (toBase64(blob) === base64) return blob;
  } catch (cause) {
    throw new CoreError("KEY_MALFORMED", "the key is not base64", { cause });
  }
  throw new CoreError("KEY_MALFORMED", "the key's base64 is not in its canonical, padded form");
}

function readKeyFields(blob: Uint8Array, count: number): readonly Uint8Array[] {
  return readWireStrings(blob, count, "KEY_MALFORMED");
}

function toEd25519(point: Uint8Array | undefined): SshKeyMaterial {
  if (point === undefined || point.length !== 32)
    throw new CoreError("KEY_MALFORMED", "expected 32 bytes of Ed25519 key");
  if (!isStrongEd25519Point(point)) {
    throw new CoreError(
      "KEY_MALFORMED",
      "this Ed25519 key accepts signatures that nobody made (small order); make a new one",
    );
  }
  return { kind: "ed25519", point };
}

function toEcdsa(type: `ecdsa-sha2-${EcdsaCurve}`, fields: readonly Uint8Array[]): SshKeyMaterial {
  const curve = type.slice("ecdsa-sha2-".length) as EcdsaCurve;
  const [, name, point] = fields;
  if (name === undefined || !isSameBytes(name, toUtf8(curve))) {
    throw new CoreError(
      "KEY_MALFORMED",
      `expected curve ${curve}, got ${toAscii(name ?? new Uint8Array()).slice(0, 40)}`,
    );
  }
  // Uncompressed only, as RFC 5656 §3.1 demands of the blob OpenSSH writes: one key, one spelling.
  if (point === undefined || point.length !== 1 + 2 * COORDINATE_BYTES[curve] || point[0] !== 0x04) {
    throw new CoreError("KEY_MALFORMED", `expected an uncompressed ${curve} point`);
  }
  return { kind: "ecdsa", curve, point };
}

function toRsa(fields: readonly Uint8Array[]): SshKeyMaterial {
  const empty = new Uint8Array();
  const exponent = readMpint(fields[1] ?? empty, "KEY_MALFORMED");
  const modulus = readMpint(fields[2] ?? empty, "KEY_MALFORMED");
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
    throw new CoreError(
      "KEY_MALFORMED",
      `this RSA key has ${bits} bits, expected at least ${MIN_RSA_BITS} (and at most ${MAX_RSA_BITS}); ed25519 is better`,
    );
  }
  // A huge exponent would make one verification take seconds; 1 verifies anything; an even one is no RSA key.
  const value = exponent.length > 4 ? 0 : exponent.reduce((sum, byte) => sum * 256 + byte, 0);
  if (value < 3 || value % 2 === 0)
    throw new CoreError("KEY_MALFORMED", "expected an odd RSA exponent from 3 to 2^32");
  return { kind: "rsa", exponent, modulus };
}

function toApplication(bytes: Uint8Array | undefined): string {
  const application = toAscii(bytes ?? new Uint8Array());
  // The web's FIDO credentials carry a host name here: a site's login key must not become a sign-off key.
  if (
    !application.startsWith("ssh:") ||
    application.length > 255 ||
    !isSameBytes(toUtf8(application), bytes ?? new Uint8Array())
  ) {
    throw new CoreError(
      "KEY_MALFORMED",
      "expected an sk- key whose application starts with ssh:, as ssh-keygen makes them",
    );
  }
  return application;
}

function unsupported(type: string): CoreError {
  const shown = type.slice(0, 60);
  const hint = shown.includes("-cert-v")
    ? "certificates are not supported; use the plain key"
    : "make one with ssh-keygen -t ed25519 (or -t ed25519-sk on a security key)";
  return new CoreError("KEY_MALFORMED", `unsupported key type ${JSON.stringify(shown)}; ${hint}`);
}
