// SPDX-License-Identifier: Apache-2.0
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, sha256Bytes, toUtf8 } from "../ids/index.ts";
import { toUint32, toWireString } from "./ssh-wire.ts";
import { SSHSIG_MAGIC, type Sshsig } from "./sshsig.ts";

/**
 * The exact bytes that the raw signature covers, for a message signed with `ssh-keygen -Y sign`. The namespace is
 * among them, so a commit signature (namespace `git`) can never verify as a sign-off. A security key signs
 * SHA-256(application) ‖ flags ‖ counter ‖ SHA-256(those bytes) instead, so that its touch flag is signed too.
 */
export function toSignedData(sshsig: Sshsig, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const data = concatBytes(
    SSHSIG_MAGIC,
    toWireString(sshsig.namespace),
    toWireString(""),
    toWireString(sshsig.hashAlgorithm),
    toWireString(sshsig.hashAlgorithm === "sha256" ? sha256Bytes(message) : sha512(message)),
  );
  const { application } = sshsig.publicKey;
  const { securityKey } = sshsig.signature;
  if (application === null || securityKey === null) return data;
  return concatBytes(
    sha256Bytes(toUtf8(application)),
    Uint8Array.of(securityKey.flags),
    toUint32(securityKey.counter),
    sha256Bytes(data),
  );
}
