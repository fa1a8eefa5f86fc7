// SPDX-License-Identifier: Apache-2.0
import { CoreError, concatBytes, isSameBytes, parseBase64, toBase64, toText, toUtf8 } from "../ids/index.ts";
import { parsePublicKeyBlob, type SshPublicKey } from "./ssh-public-key.ts";
import { readUint32, readWireStrings, toAscii, toUint32, toWireString } from "./ssh-wire.ts";
import { formatSshSignature, parseSshSignature, type SshSignature } from "./sshsig-signature.ts";

/** A signature made by `ssh-keygen -Y sign` (OpenSSH PROTOCOL.sshsig, version 1), parsed but not verified. */
export interface Sshsig {
  readonly publicKey: SshPublicKey;
  readonly namespace: string;
  readonly hashAlgorithm: "sha256" | "sha512";
  readonly signature: SshSignature;
}

/** The six bytes that open the blob and, again, the signed data. */
export const SSHSIG_MAGIC = toUtf8("SSHSIG");

const ARMOR =
  /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+?)\r?\n-----END SSH SIGNATURE-----(?:\r?\n)?$/;
const ARMOR_START = toUtf8("-----");
const MAX_SSHSIG_BYTES = 16_384;

/** Parses the armored text or the bare blob, whichever the bytes hold. Throws CoreError SIGNATURE_MALFORMED or KEY_MALFORMED. */
export function parseSshsig(bytes: Uint8Array): Sshsig {
  if (bytes.length > MAX_SSHSIG_BYTES)
    throw malformed(`expected at most ${MAX_SSHSIG_BYTES} bytes, got ${bytes.length}`);
  const isArmored = isSameBytes(bytes.subarray(0, ARMOR_START.length), ARMOR_START);
  return parseBlob(isArmored ? parseArmor(toText(bytes)) : bytes);
}

/** The bare blob in canonical form. */
export function formatSshsig(sshsig: Sshsig): Uint8Array<ArrayBuffer> {
  return concatBytes(
    SSHSIG_MAGIC,
    toUint32(1),
    toWireString(sshsig.publicKey.blob),
    toWireString(sshsig.namespace),
    toWireString(""),
    toWireString(sshsig.hashAlgorithm),
    toWireString(formatSshSignature(sshsig.signature, sshsig.publicKey)),
  );
}

/** The armored text that `ssh-keygen -Y verify` reads. */
export function formatArmoredSshsig(sshsig: Sshsig): string {
  const lines = toBase64(formatSshsig(sshsig)).match(/.{1,70}/g) ?? [];
  return ["-----BEGIN SSH SIGNATURE-----", ...lines, "-----END SSH SIGNATURE-----", ""].join("\n");
}

function parseArmor(text: string): Uint8Array {
  const body = ARMOR.exec(text)?.[1];
  if (body === undefined)
    throw malformed("expected one -----BEGIN SSH SIGNATURE----- block and nothing else");
  const base64 = body.replace(/[\r\n]/g, "");
  try {
    return parseBase64(base64);
  } catch (cause) {
    throw new CoreError("SIGNATURE_MALFORMED", "the armor holds no base64", { cause });
  }
}

function parseBlob(blob: Uint8Array): Sshsig {
  const magicLength = SSHSIG_MAGIC.length;
  if (!isSameBytes(blob.subarray(0, magicLength), SSHSIG_MAGIC))
    throw malformed("expected it to begin with SSHSIG");
  const version = readUint32(blob, magicLength);
  if (version !== 1) throw malformed(`expected version 1, got ${version ?? "none"}`);
  const fields = readWireStrings(blob.subarray(magicLength + 4), 5, "SIGNATURE_MALFORMED");
  const [keyBlob, namespace, reserved, hash, signature] = fields as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  // ssh-keygen ignores this field and does not sign it, so anybody could change it. It has no meaning yet: empty.
  if (reserved.length > 0) throw malformed("expected the reserved field to be empty");
  const publicKey = parsePublicKeyBlob(keyBlob);
  return {
    publicKey,
    namespace: readNamespace(namespace),
    hashAlgorithm: readHashAlgorithm(toAscii(hash)),
    signature: parseSshSignature(signature, publicKey),
  };
}

function readNamespace(bytes: Uint8Array): string {
  const namespace = toAscii(bytes);
  if (bytes.length === 0 || bytes.length > 255 || !isSameBytes(toUtf8(namespace), bytes)) {
    throw malformed("expected a namespace of 1 to 255 printable ASCII characters");
  }
  return namespace;
}

function readHashAlgorithm(name: string): "sha256" | "sha512" {
  if (name !== "sha256" && name !== "sha512") {
    throw malformed(`expected hash algorithm sha256 or sha512, got ${JSON.stringify(name.slice(0, 40))}`);
  }
  return name;
}

function malformed(reason: string): CoreError {
  return new CoreError("SIGNATURE_MALFORMED", `SSH signature: ${reason}`);
}
