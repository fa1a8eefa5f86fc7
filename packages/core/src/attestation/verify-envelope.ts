// SPDX-License-Identifier: Apache-2.0
import { CoreError, isSameBytes, type Sha256, sha256Hex } from "../ids/index.ts";
import { formatEnvelope, parseEnvelope, toPreAuthEncoding } from "./envelope.ts";
import { parseStatement, type Statement } from "./parse-statement.ts";
import { toSignedData } from "./signed-data.ts";
import { formatPublicKey, type SshPublicKey, toFingerprint } from "./ssh-public-key.ts";
import type { Sshsig } from "./sshsig.ts";
import type { RawSignatureAlgorithm } from "./sshsig-signature.ts";

/** The only SSHSIG namespace whose signatures are sign-offs. */
export const SIGNATURE_NAMESPACE = "countersign";

/**
 * The cryptography that core does not have: true when `signature` (see SshSignature.raw) of `data` was made by `key`.
 * ECDSA hashes with the curve's SHA-2, RSA is PKCS #1 v1.5. Returns false where the key itself is impossible.
 */
export type VerifyRawSignature = (
  key: SshPublicKey,
  algorithm: RawSignatureAlgorithm,
  data: Uint8Array,
  signature: Uint8Array,
) => boolean;

/** Who signed, as far as the signature itself can tell; which principal that is, the policy says. */
export interface Signer {
  /** `<type> <base64>`. */
  readonly publicKey: string;
  /** `SHA256:…`. */
  readonly fingerprint: string;
  /** The signature shows a touch on a hardware key; always false for a key in a file or agent. */
  readonly isTouched: boolean;
  /** The hardware key verified its owner by PIN or finger. */
  readonly isUserVerified: boolean;
  /** FIDO application of a hardware key, null for other keys. */
  readonly application: string | null;
}

export interface VerifiedEnvelope {
  /** SHA-256 of the envelope's bytes: its name in the evidence set. */
  readonly digest: Sha256;
  readonly statement: Statement;
  readonly signer: Signer;
}

/**
 * Verifies one envelope as stored in the evidence set. Throws CoreError ENVELOPE_MALFORMED (also for an envelope not
 * in canonical form), SIGNATURE_MALFORMED, KEY_MALFORMED, SIGNATURE_INVALID, STATEMENT_MALFORMED or PREDICATE_UNKNOWN;
 * callers report the envelope and do not count it. The signature is checked before the statement is looked at.
 */
export function verifyEnvelope(bytes: Uint8Array, verifySignature: VerifyRawSignature): VerifiedEnvelope {
  const envelope = parseEnvelope(bytes);
  if (!isSameBytes(formatEnvelope(envelope), bytes)) {
    throw new CoreError(
      "ENVELOPE_MALFORMED",
      "envelope: not in canonical form; an envelope made elsewhere is imported first",
    );
  }
  verifySshsig(envelope.sshsig, toPreAuthEncoding(envelope.payload), verifySignature);
  return {
    digest: sha256Hex(bytes),
    statement: parseStatement(envelope.payload),
    signer: toSigner(envelope.sshsig),
  };
}

/** Verifies that `message` was signed as a sign-off; throws CoreError SIGNATURE_INVALID. */
export function verifySshsig(sshsig: Sshsig, message: Uint8Array, verifySignature: VerifyRawSignature): void {
  const { namespace, publicKey, signature } = sshsig;
  if (namespace !== SIGNATURE_NAMESPACE) {
    const what =
      namespace === "git"
        ? "this is the signature of a commit or tag; it"
        : `namespace ${JSON.stringify(namespace)}`;
    throw new CoreError(
      "SIGNATURE_INVALID",
      `${what} cannot be a sign-off: expected namespace ${SIGNATURE_NAMESPACE}`,
    );
  }
  if (!verifySignature(publicKey, signature.algorithm, toSignedData(sshsig, message), signature.raw)) {
    throw new CoreError(
      "SIGNATURE_INVALID",
      `the signature does not match the statement and key ${toFingerprint(publicKey)}`,
    );
  }
}

function toSigner(sshsig: Sshsig): Signer {
  const flags = sshsig.signature.securityKey?.flags ?? 0;
  return {
    publicKey: formatPublicKey(sshsig.publicKey),
    fingerprint: toFingerprint(sshsig.publicKey),
    isTouched: (flags & 0x01) !== 0,
    isUserVerified: (flags & 0x04) !== 0,
    application: sshsig.publicKey.application,
  };
}
