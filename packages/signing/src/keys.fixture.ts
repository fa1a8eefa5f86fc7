// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import {
  formatEnvelope,
  parsePublicKeyBlob,
  parseSshsig,
  type SshKeyType,
  type SshPublicKey,
  toPreAuthEncoding,
} from "@countersign/core/attestation";

// Keys and signatures for tests, packed by hand from the OpenSSH documents (PROTOCOL.sshsig, PROTOCOL.u2f) and not with
// the code under test, so that one misreading cannot hide in both. No product code imports this file.

export interface TestKey {
  readonly type: SshKeyType;
  readonly privateKey: KeyObject;
  readonly blob: Buffer;
  readonly publicKey: SshPublicKey;
}

export interface SshsigParts {
  readonly magic?: string;
  readonly version?: number;
  readonly publicKey?: Uint8Array;
  readonly namespace?: string;
  /** The namespace that is signed, where it shall differ from the one that is written. */
  readonly signedNamespace?: string;
  readonly reserved?: string;
  readonly hash?: "sha256" | "sha512" | "sha1";
  readonly algorithm?: string;
  readonly flags?: number;
  readonly counter?: number;
  /** Flags written into the signature, where they shall differ from the signed ones. */
  readonly writtenFlags?: number;
  readonly changeRaw?: (raw: Buffer) => Buffer;
  readonly trailer?: Uint8Array;
}

export const TEST_KEY_TYPES = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
] as const satisfies readonly SshKeyType[];

export function wire(...fields: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const content = Buffer.from(field as Uint8Array);
      return [uint32(content.length), content];
    }),
  );
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** An SSH mpint: big-endian, shortest, with a zero in front where the top bit is set. */
export function mpint(magnitude: Uint8Array): Buffer {
  const digits = Buffer.from(
    magnitude.subarray(
      Math.max(
        0,
        magnitude.findIndex((byte) => byte !== 0),
      ),
    ),
  );
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
}

/** A new key; for `sk-` types the key that would sit in the hardware. */
export function makeTestKey(type: SshKeyType, rsaBits = 2048): TestKey {
  const privateKey = makePrivateKey(type, rsaBits);
  const blob = packPublicKey(type, privateKey);
  return { type, privateKey, blob, publicKey: parsePublicKeyBlob(blob) };
}

/** The bare SSHSIG blob over a message, with any part made wrong on request. */
export function makeSshsig(key: TestKey, message: Uint8Array, parts: SshsigParts = {}): Buffer {
  const { magic = "SSHSIG", namespace = "countersign", reserved = "", hash = "sha512" } = parts;
  const digest = createHash(hash).update(message).digest();
  const signed = Buffer.concat([
    Buffer.from("SSHSIG"),
    wire(parts.signedNamespace ?? namespace, "", hash, digest),
  ]);
  return Buffer.concat([
    Buffer.from(magic),
    uint32(parts.version ?? 1),
    wire(parts.publicKey ?? key.blob, namespace, reserved, hash, makeSignature(key, signed, parts)),
    parts.trailer ?? Buffer.of(),
  ]);
}

/** A DSSE envelope around a payload, canonical JSON, whose `sig` may be anything. */
export function wrapEnvelope(payload: Uint8Array, sig: Uint8Array, keyid = ""): Buffer {
  const signatures = [{ keyid, sig: Buffer.from(sig).toString("base64") }];
  const text = JSON.stringify({
    payload: Buffer.from(payload).toString("base64"),
    payloadType: "application/vnd.in-toto+json",
    signatures,
  });
  return Buffer.from(text);
}

/** A valid envelope in canonical form. */
export function makeEnvelope(key: TestKey, payload: Uint8Array, parts: SshsigParts = {}): Uint8Array {
  return formatEnvelope({ payload, sshsig: parseSshsig(makeSshsig(key, toPreAuthEncoding(payload), parts)) });
}

function makePrivateKey(type: SshKeyType, rsaBits: number): KeyObject {
  if (type === "ssh-rsa") return generateKeyPairSync("rsa", { modulusLength: rsaBits }).privateKey;
  if (type.includes("ed25519")) return generateKeyPairSync("ed25519").privateKey;
  return generateKeyPairSync("ec", { namedCurve: curveOf(type).openssl }).privateKey;
}

function packPublicKey(type: SshKeyType, privateKey: KeyObject): Buffer {
  const jwk = privateKey.export({ format: "jwk" });
  const [x, y, n, e] = [jwk.x, jwk.y, jwk.n, jwk.e].map((text) => Buffer.from(text ?? "", "base64url")) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const application = type.startsWith("sk-") ? ["ssh:"] : [];
  if (type === "ssh-rsa") return wire(type, mpint(e), mpint(n));
  if (type.includes("ed25519")) return wire(type, x, ...application);
  return wire(type, curveOf(type).ssh, Buffer.concat([Buffer.of(4), x, y]), ...application);
}

function makeSignature(key: TestKey, data: Buffer, parts: SshsigParts): Buffer {
  const { flags = 1, counter = 7, changeRaw = (raw) => raw } = parts;
  const isSk = key.type.startsWith("sk-");
  const algorithm = parts.algorithm ?? (key.type === "ssh-rsa" ? "rsa-sha2-512" : key.type);
  const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();
  const signed = isSk
    ? Buffer.concat([sha256("ssh:"), Buffer.of(flags), uint32(counter), sha256(data)])
    : data;
  const raw = changeRaw(signRaw(key, algorithm, signed));
  const state = isSk ? Buffer.concat([Buffer.of(parts.writtenFlags ?? flags), uint32(counter)]) : Buffer.of();
  return Buffer.concat([wire(algorithm, key.type.includes("ecdsa") ? packEcdsa(raw) : raw), state]);
}

function signRaw(key: TestKey, algorithm: string, data: Buffer): Buffer {
  if (key.type.includes("ed25519")) return sign(null, data, key.privateKey);
  if (key.type === "ssh-rsa")
    return sign(
      algorithm === "ssh-rsa" ? "sha1" : algorithm.replace("rsa-sha2-", "sha"),
      data,
      key.privateKey,
    );
  return sign(curveOf(key.type).hash, data, { key: key.privateKey, dsaEncoding: "ieee-p1363" });
}

function packEcdsa(raw: Buffer): Buffer {
  return wire(mpint(raw.subarray(0, raw.length / 2)), mpint(raw.subarray(raw.length / 2)));
}

function curveOf(type: SshKeyType): {
  readonly ssh: string;
  readonly openssl: string;
  readonly hash: string;
} {
  if (type.includes("384")) return { ssh: "nistp384", openssl: "secp384r1", hash: "sha384" };
  if (type.includes("521")) return { ssh: "nistp521", openssl: "secp521r1", hash: "sha512" };
  return { ssh: "nistp256", openssl: "prime256v1", hash: "sha256" };
}
