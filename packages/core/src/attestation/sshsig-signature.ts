// SPDX-License-Identifier: Apache-2.0
import { CoreError, concatBytes } from "../ids/index.ts";
import { isCanonicalEd25519Scalar } from "./ed25519-point.ts";
import { type EcdsaCurve, type SshPublicKey, toCoordinateBytes } from "./ssh-public-key.ts";
import {
  readMpint,
  readUint32,
  readWireStrings,
  takeWireStrings,
  toAscii,
  toMpint,
  toUint32,
  toWireString,
} from "./ssh-wire.ts";

/** The plain algorithms that `sk-` signatures reduce to as well. */
export type RawSignatureAlgorithm = "ed25519" | `ecdsa-${EcdsaCurve}` | "rsa-sha2-256" | "rsa-sha2-512";

/** What a security key adds to a signature. */
export interface SecurityKeyState {
  /** Bit 0: a person touched the key; bit 2: the key verified who (PIN or finger). */
  readonly flags: number;
  readonly counter: number;
}

/** The signature string of an SSHSIG, unpacked for a verifier. */
export interface SshSignature {
  readonly algorithm: RawSignatureAlgorithm;
  /** Ed25519: R ‖ S. ECDSA: r ‖ s, each as wide as the curve, s in its lower half. RSA: as wide as the modulus. */
  readonly raw: Uint8Array;
  readonly securityKey: SecurityKeyState | null;
}

const ORDER: Readonly<Record<EcdsaCurve, bigint>> = {
  nistp256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  nistp384:
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  nistp521:
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
};

/** Parses the signature string made by `key`; throws CoreError SIGNATURE_MALFORMED. */
export function parseSshSignature(bytes: Uint8Array, key: SshPublicKey): SshSignature {
  const { strings, rest } = takeWireStrings(bytes, 2, "SIGNATURE_MALFORMED");
  const [name, content] = strings as [Uint8Array, Uint8Array];
  const algorithm = toRawAlgorithm(toAscii(name), key);
  const raw =
    key.material.kind === "ecdsa" ? readEcdsa(content, key.material.curve) : readPlain(content, key);
  return { algorithm, raw, securityKey: readSecurityKeyState(rest, key) };
}

/** The signature string, in the one form that {@link parseSshSignature} reads back to the same value. */
export function formatSshSignature(signature: SshSignature, key: SshPublicKey): Uint8Array<ArrayBuffer> {
  const name = signature.algorithm.startsWith("rsa-") ? signature.algorithm : key.type;
  const state = signature.securityKey;
  return concatBytes(
    toWireString(name),
    toWireString(key.material.kind === "ecdsa" ? toEcdsaFields(signature.raw) : signature.raw),
    state === null ? new Uint8Array() : concatBytes(Uint8Array.of(state.flags), toUint32(state.counter)),
  );
}

function toRawAlgorithm(name: string, key: SshPublicKey): RawSignatureAlgorithm {
  const { material } = key;
  if (material.kind === "rsa") {
    if (name === "rsa-sha2-256" || name === "rsa-sha2-512") return name;
    const why =
      name === "ssh-rsa"
        ? "ssh-rsa signs with SHA-1, which can be forged"
        : `got ${JSON.stringify(name.slice(0, 60))}`;
    throw new CoreError("SIGNATURE_MALFORMED", `expected rsa-sha2-256 or rsa-sha2-512; ${why}`);
  }
  if (name !== key.type) {
    throw new CoreError(
      "SIGNATURE_MALFORMED",
      `expected a ${key.type} signature, got ${JSON.stringify(name.slice(0, 60))}`,
    );
  }
  return material.kind === "ed25519" ? "ed25519" : `ecdsa-${material.curve}`;
}

function readPlain(content: Uint8Array, key: SshPublicKey): Uint8Array {
  const length = key.material.kind === "rsa" ? key.material.modulus.length : 64;
  if (content.length !== length) {
    throw new CoreError(
      "SIGNATURE_MALFORMED",
      `expected ${length} bytes of signature, got ${content.length}`,
    );
  }
  if (key.material.kind === "ed25519" && !isCanonicalEd25519Scalar(content.subarray(32))) {
    throw new CoreError("SIGNATURE_MALFORMED", "expected S below the group order (RFC 8032 §5.1.7)");
  }
  return content;
}

/**
 * r ‖ s with s in its lower half. (r, s) and (r, n − s) both verify, and anybody can turn one into the other: without
 * one form, a revoked envelope could come back under a new digest.
 */
function readEcdsa(content: Uint8Array, curve: EcdsaCurve): Uint8Array {
  const [r, s] = readWireStrings(content, 2, "SIGNATURE_MALFORMED").map((field) => {
    return toInteger(readMpint(field, "SIGNATURE_MALFORMED"));
  }) as [bigint, bigint];
  const order = ORDER[curve];
  if (r >= order || s >= order)
    throw new CoreError("SIGNATURE_MALFORMED", "expected r and s below the curve's order");
  const width = toCoordinateBytes(curve);
  return concatBytes(toFixed(r, width), toFixed(s > order / 2n ? order - s : s, width));
}

function toEcdsaFields(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  return concatBytes(toWireString(toMpint(raw.subarray(0, half))), toWireString(toMpint(raw.subarray(half))));
}

function readSecurityKeyState(rest: Uint8Array, key: SshPublicKey): SecurityKeyState | null {
  const expected = key.application === null ? 0 : 5;
  if (rest.length !== expected) {
    throw new CoreError(
      "SIGNATURE_MALFORMED",
      `expected ${expected} bytes after the signature, got ${rest.length}`,
    );
  }
  return expected === 0 ? null : { flags: rest[0] ?? 0, counter: readUint32(rest, 1) ?? 0 };
}

function toInteger(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function toFixed(value: bigint, width: number): Uint8Array {
  return Uint8Array.from({ length: width }, (_, i) => Number((value >> BigInt(8 * (width - 1 - i))) & 0xffn));
}
