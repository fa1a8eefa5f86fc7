// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import {
  CoreError,
  concatBytes,
  formatCanonicalJson,
  parseBase64,
  parseStrictJson,
  toBase64,
  toUtf8,
} from "../ids/index.ts";
import { toFingerprint } from "./ssh-public-key.ts";
import { formatSshsig, parseSshsig, type Sshsig } from "./sshsig.ts";
import { MAX_STATEMENT_BYTES } from "./statement.ts";

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** Largest envelope in bytes: the largest statement in base64 and an armored RSA-16384 signature fit. */
export const MAX_ENVELOPE_BYTES = 131_072;

/** A DSSE envelope with its one SSH signature, parsed but not verified. */
export interface Envelope {
  readonly payload: Uint8Array;
  readonly sshsig: Sshsig;
}

const envelopeSchema = z.object({
  payloadType: z.literal(PAYLOAD_TYPE),
  payload: z.string(),
  // Exactly one. With two, some reader would verify the first and believe the second; who else signs makes a
  // statement of their own, because a sign-off names its principal.
  signatures: z.array(z.object({ keyid: z.string().max(512).optional(), sig: z.string() })).length(1),
});

/** DSSE pre-authentication encoding, the bytes that get signed; lengths count bytes, not characters. */
export function toPreAuthEncoding(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const type = toUtf8(PAYLOAD_TYPE);
  return concatBytes(toUtf8(`DSSEv1 ${type.length} `), type, toUtf8(` ${payload.length} `), payload);
}

/**
 * Parses any DSSE envelope with one SSH signature: unknown members (unsigned, so DSSE says to ignore them), white
 * space, either base64 alphabet, armored or bare signature. Throws CoreError ENVELOPE_MALFORMED, SIGNATURE_MALFORMED
 * or KEY_MALFORMED.
 */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  const limits = { bytes: MAX_ENVELOPE_BYTES, depth: 8, code: "ENVELOPE_MALFORMED" } as const;
  const result = envelopeSchema.safeParse(parseStrictJson(bytes, limits));
  if (!result.success) {
    const reasons = result.error.issues
      .slice(0, 8)
      .map(({ path, message }) => `${path.join(".") || "(top)"}: ${message}`);
    throw new CoreError("ENVELOPE_MALFORMED", `envelope: ${reasons.join("; ")}`);
  }
  const payload = readBase64(result.data.payload, "payload");
  if (payload.length > MAX_STATEMENT_BYTES) {
    throw new CoreError(
      "ENVELOPE_MALFORMED",
      `payload: expected at most ${MAX_STATEMENT_BYTES} bytes, got ${payload.length}`,
    );
  }
  return {
    payload,
    sshsig: parseSshsig(readBase64(result.data.signatures[0]?.sig ?? "", "signatures.0.sig")),
  };
}

/**
 * The one form in which an envelope is stored, and whose SHA-256 is its name: canonical JSON, padded standard base64,
 * bare signature blob, `keyid` the key's fingerprint. Nothing unsigned is left to vary, so nobody can put a revoked
 * envelope back under another name.
 */
export function formatEnvelope(envelope: Envelope): Uint8Array<ArrayBuffer> {
  const { payload, sshsig } = envelope;
  return toUtf8(
    formatCanonicalJson({
      payload: toBase64(payload),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ keyid: toFingerprint(sshsig.publicKey), sig: toBase64(formatSshsig(sshsig)) }],
    }),
  );
}

/** An envelope made elsewhere, in the form that evidence is stored in. Throws like {@link parseEnvelope}. */
export function toCanonicalEnvelope(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return formatEnvelope(parseEnvelope(bytes));
}

function readBase64(text: string, field: string): Uint8Array {
  try {
    return parseBase64(text);
  } catch (cause) {
    throw new CoreError("ENVELOPE_MALFORMED", `${field}: expected base64`, { cause });
  }
}
