// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toUtf8 } from "@countersign/core/ids";
import {
  formatSignedNote,
  formatVerifierKey,
  type NoteKeyType,
  type NoteSignature,
  parseVerifierKey,
  toVerifierKey,
  type VerifierKey,
} from "@countersign/core/ledger";
import { isCode } from "./folder-files.ts";
import { StoreError } from "./store-error.ts";

/** A key that signs notes. */
export interface NoteSigner {
  readonly key: VerifierKey;
  /** Ed25519 over any bytes; what they must be, the key's type says. */
  readonly signBytes: (bytes: Uint8Array) => Uint8Array;
}

/** Files of a log's folder: the secret, and the key that everybody may know. */
const SECRET_FILE = "key";
export const PUBLIC_FILE = "log.vkey";
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const TYPE_BYTE: Readonly<Record<NoteKeyType, number>> = { ed25519: 1, cosignature: 4 };

/** Makes a key in a folder; throws StoreError STORE_UNUSABLE where there is one already. */
export function createNoteKey(folder: string, name: string, type: NoteKeyType = "ed25519"): NoteSigner {
  const seed = randomBytes(32);
  const secret = toSecret(seed);
  const key = toVerifierKey(name, type, rawPublicKey(secret));
  const text = `PRIVATE+KEY+${name}+${key.keyId}+${Buffer.concat([Buffer.of(TYPE_BYTE[type]), seed]).toString("base64")}\n`;
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, SECRET_FILE), text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    if (!isCode(cause, "EEXIST")) throw cause;
    throw new StoreError("STORE_UNUSABLE", `${join(folder, SECRET_FILE)} exists already; a log has one key`, {
      cause,
    });
  }
  writeFileSync(join(folder, PUBLIC_FILE), `${formatVerifierKey(key)}\n`);
  return toSigner(key, secret);
}

/** The key in a folder. Throws StoreError STORE_UNUSABLE where there is none, or where others may read it. */
export function readNoteKey(folder: string): NoteSigner {
  const path = join(folder, SECRET_FILE);
  const { mode } = statSync(path, { throwIfNoEntry: false }) ?? {};
  if (mode === undefined) {
    throw new StoreError(
      "LEDGER_MISSING",
      `${path} does not exist; make a log or witness first: countersign ledger init`,
    );
  }
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new StoreError(
      "STORE_UNUSABLE",
      `${path} can be read by others; allow it to nobody but you: chmod 600 ${path}`,
    );
  }
  const [, name = "", keyId = "", base64 = ""] =
    /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(\S+)\n$/.exec(readFileSync(path, "utf8")) ?? [];
  const bytes = Buffer.from(base64, "base64");
  const type = (["ed25519", "cosignature"] as const).find((each) => TYPE_BYTE[each] === bytes[0]);
  if (type === undefined || bytes.length !== 33)
    throw new StoreError("STORE_UNUSABLE", `${path} holds no note key`);
  const secret = toSecret(bytes.subarray(1));
  const key = toVerifierKey(name, type, rawPublicKey(secret));
  if (key.keyId !== keyId)
    throw new StoreError("STORE_UNUSABLE", `${path} is damaged: the key is not the one it names`);
  return toSigner(key, secret);
}

/** The log's public key as its folder states it. Whoever got it from elsewhere, such as a policy, believes that instead. */
export function readVerifierKey(folder: string): VerifierKey {
  const path = join(folder, PUBLIC_FILE);
  try {
    return parseVerifierKey(readFileSync(path, "utf8").trimEnd());
  } catch (cause) {
    if (!isCode(cause, "ENOENT")) throw cause;
    throw new StoreError(
      "LEDGER_MISSING",
      `there is no ledger in ${folder}; make one with: countersign ledger init`,
      { cause },
    );
  }
}

/** A note with the signer's one signature. */
export function signNoteText({ key, signBytes }: NoteSigner, text: string): string {
  const signature: NoteSignature = { name: key.name, keyId: key.keyId, signature: signBytes(toUtf8(text)) };
  return formatSignedNote({ text, signatures: [signature] });
}

function toSigner(key: VerifierKey, secret: KeyObject): NoteSigner {
  return { key, signBytes: (bytes) => new Uint8Array(sign(null, bytes, secret)) };
}

function toSecret(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
}

function rawPublicKey(secret: KeyObject): Uint8Array {
  const { x = "" } = createPublicKey(secret).export({ format: "jwk" });
  return new Uint8Array(Buffer.from(x, "base64url"));
}
