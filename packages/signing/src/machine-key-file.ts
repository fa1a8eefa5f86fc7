// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { type SshPublicKey, toMachineKey, toMachineKeyId } from "@countersign/core/attestation";
import type { Sha256 } from "@countersign/core/ids";
import { type KeyFile, readKeyFile } from "./key-file.ts";
import { SigningError } from "./signing-error.ts";

/** A key with which a machine signs: nobody is there to type a passphrase, so the file holds it plainly. */
export interface MachineSigningKey {
  readonly keyid: Sha256;
  readonly publicKey: SshPublicKey;
  readonly privateKey: KeyObject;
}

/**
 * Reads an Ed25519 private key: PKCS#8 PEM as `openssl genpkey -algorithm ed25519` writes it, or an OpenSSH file as
 * `ssh-keygen -t ed25519 -N ''` does. Throws SigningError KEY_NOT_FOUND, KEY_UNREADABLE or KEY_PERMISSIONS.
 */
export async function readMachineKey(path: string): Promise<MachineSigningKey> {
  const file = await readKeyFile(path);
  const privateKey = file.text.includes("-----BEGIN OPENSSH PRIVATE KEY-----")
    ? parseOpenSsh(file)
    : parsePkcs8(file);
  if (privateKey.asymmetricKeyType !== "ed25519")
    throw unreadable(file, `it holds a key of type ${privateKey.asymmetricKeyType}, expected Ed25519`);
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const publicKey = toMachineKey(Buffer.from(x, "base64url"));
  return { keyid: toMachineKeyId(publicKey), publicKey, privateKey };
}

function parsePkcs8(file: KeyFile): KeyObject {
  if (file.holds === "public") throw unreadable(file, "it holds no private key");
  if (file.text.includes("BEGIN ENCRYPTED PRIVATE KEY")) throw encrypted(file);
  try {
    return createPrivateKey({ key: file.text, format: "pem" });
  } catch {
    // OpenSSL's words name its own internals.
    throw unreadable(file, "it is not a PKCS#8 key in PEM form");
  }
}

const MAGIC = Buffer.from("openssh-key-v1\0", "latin1");
/** PrivateKeyInfo of an Ed25519 key up to its 32-byte seed (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** OpenSSH's PROTOCOL.key; OpenSSL does not read it. */
function parseOpenSsh(file: KeyFile): KeyObject {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(file.text)?.[1] ?? "";
  const bytes = Buffer.from(body, "base64");
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw unreadable(file, "it is damaged");
  const outer = createWireReader(file, bytes.subarray(MAGIC.length));
  const cipher = outer.takeString().toString("latin1");
  outer.takeString();
  outer.takeString();
  if (cipher !== "none") throw encrypted(file);
  if (outer.takeUint32() !== 1) throw unreadable(file, "it holds more than one key");
  outer.takeString();
  const inner = createWireReader(file, outer.takeString());
  const [check, again] = [inner.takeUint32(), inner.takeUint32()];
  if (check !== again) throw unreadable(file, "it is damaged");
  const type = inner.takeString().toString("latin1");
  if (type !== "ssh-ed25519") throw unreadable(file, `it holds a key of type ${type}, expected ssh-ed25519`);
  inner.takeString();
  const seed = inner.takeString().subarray(0, 32);
  if (seed.length !== 32) throw unreadable(file, "it is damaged");
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
}

interface WireReader {
  readonly takeUint32: () => number;
  readonly takeString: () => Buffer;
}

function createWireReader(file: KeyFile, bytes: Buffer): WireReader {
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw unreadable(file, "it is cut off");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const takeUint32 = (): number => take(4).readUInt32BE();
  return { takeUint32, takeString: () => take(takeUint32()) };
}

function encrypted(file: KeyFile): SigningError {
  return unreadable(file, "it asks for a passphrase, and nobody is there to type one when a machine signs");
}

function unreadable({ path }: KeyFile, reason: string): SigningError {
  const message = `${path} is no machine's key: ${reason}. Make one with: openssl genpkey -algorithm ed25519 -out KEY && chmod 600 KEY`;
  return new SigningError("KEY_UNREADABLE", message);
}
