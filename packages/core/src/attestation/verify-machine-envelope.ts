// SPDX-License-Identifier: Apache-2.0
import { CoreError, isSameBytes, type Json, type Sha256, sha256Hex } from "../ids/index.ts";
import { toPreAuthEncoding } from "./envelope.ts";
import {
  type Ed25519Envelope,
  formatMachineEnvelope,
  type MachineEnvelope,
  parseMachineEnvelope,
} from "./machine-envelope.ts";
import { toMachineKeyId } from "./machine-key.ts";
import type { SshPublicKey } from "./ssh-public-key.ts";
import { parseRawStatement, type RawStatement } from "./statement.ts";
import type { VerifyRawSignature } from "./verify-envelope.ts";

/** Who a short-lived certificate was given to. */
export interface SigstoreIdentity {
  /** URL of the identity provider, such as https://token.actions.githubusercontent.com. */
  readonly issuer: string;
  /** Subject alternative name: the URI of a workflow, an e-mail address. */
  readonly subject: string;
}

/**
 * The part of Sigstore that core does not have: certificate chain, log entries and signature against a trusted root.
 * Throws CoreError SIGNATURE_INVALID; returns whom the certificate names and when the log or a timestamp saw it.
 */
export type VerifySigstoreBundle = (bundle: Json) => SigstoreIdentity;

/** Whose envelopes are believed, and how they are checked. */
export interface MachineTrust {
  readonly keys: readonly SshPublicKey[];
  readonly verifySignature: VerifyRawSignature;
  /** Undefined where there is no trusted root: bundles then cannot be verified. */
  readonly verifyBundle?: VerifySigstoreBundle;
}

export type MachineSigner =
  | { readonly kind: "ed25519"; readonly keyid: Sha256; readonly publicKey: SshPublicKey }
  | ({ readonly kind: "sigstore" } & SigstoreIdentity);

export interface VerifiedMachineEnvelope {
  /** SHA-256 of the envelope's bytes: its name in the evidence set. */
  readonly digest: Sha256;
  readonly statement: RawStatement;
  readonly signer: MachineSigner;
}

/**
 * A stored envelope whose form is right; nothing is proved yet. Throws CoreError ENVELOPE_MALFORMED (also where it is not
 * in canonical form), SIGNATURE_MALFORMED.
 */
export function parseStoredMachineEnvelope(bytes: Uint8Array): MachineEnvelope {
  const envelope = parseMachineEnvelope(bytes);
  if (isSameBytes(formatMachineEnvelope(envelope), bytes)) return envelope;
  throw new CoreError("ENVELOPE_MALFORMED", "machine envelope: not in canonical form; import it first");
}

/**
 * Verifies one machine's envelope as stored in the evidence set, the signature before the statement. Throws CoreError
 * ENVELOPE_MALFORMED, SIGNATURE_MALFORMED, SIGNATURE_INVALID, SIGNER_UNKNOWN (no key or trusted root to check it by; it
 * may be sound) or STATEMENT_MALFORMED. What the machine may say is for the caller to decide.
 */
export function verifyMachineEnvelope(bytes: Uint8Array, trust: MachineTrust): VerifiedMachineEnvelope {
  const envelope = parseStoredMachineEnvelope(bytes);
  const signer = envelope.kind === "ed25519" ? verifyKey(envelope, trust) : verifyIdentity(envelope, trust);
  return { digest: sha256Hex(bytes), statement: parseRawStatement(envelope.payload), signer };
}

function verifyKey(envelope: Ed25519Envelope, { keys, verifySignature }: MachineTrust): MachineSigner {
  const { keyid, payload, signature } = envelope;
  const publicKey = keys.find((key) => toMachineKeyId(key) === keyid);
  if (publicKey === undefined)
    throw new CoreError(
      "SIGNER_UNKNOWN",
      `the key ${keyid.slice(0, 16)}… belongs to no machine that is known`,
    );
  if (!verifySignature(publicKey, "ed25519", toPreAuthEncoding(payload), signature)) {
    const message = `the signature does not match the statement and the machine's key ${keyid.slice(0, 16)}…`;
    throw new CoreError("SIGNATURE_INVALID", message);
  }
  return { kind: "ed25519", keyid, publicKey };
}

function verifyIdentity(
  { bundle }: Extract<MachineEnvelope, { readonly kind: "sigstore" }>,
  { verifyBundle }: MachineTrust,
): MachineSigner {
  if (verifyBundle === undefined)
    throw new CoreError("SIGNER_UNKNOWN", "a Sigstore bundle, and no trusted root to check it by");
  return { kind: "sigstore", ...verifyBundle(bundle) };
}
