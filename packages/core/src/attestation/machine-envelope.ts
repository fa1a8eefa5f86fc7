// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import {
  CoreError,
  formatCanonicalJson,
  type Json,
  parseBase64,
  parseStrictJson,
  type Sha256,
  toBase64,
  toUtf8,
} from "../ids/index.ts";
import { isCanonicalEd25519Scalar } from "./ed25519-point.ts";
import { MAX_ENVELOPE_BYTES, PAYLOAD_TYPE } from "./envelope.ts";
import { MAX_STATEMENT_BYTES } from "./statement.ts";

/** What a machine signed, parsed but not verified (specs/machine-envelope.md). */
export type MachineEnvelope = Ed25519Envelope | SigstoreEnvelope;

/** DSSE with one bare Ed25519 signature. */
export interface Ed25519Envelope {
  readonly kind: "ed25519";
  readonly payload: Uint8Array;
  /** SHA-256 of the raw public key: says which key to try, and proves nothing. */
  readonly keyid: Sha256;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** A Sigstore bundle around DSSE: who signed stands in a short-lived certificate, when in a log. */
export interface SigstoreEnvelope {
  readonly kind: "sigstore";
  readonly payload: Uint8Array;
  /** The whole bundle, for the library that verifies it. */
  readonly bundle: Json;
}

const SIGNATURE_BYTES = 64;
const BUNDLE_MEDIA_TYPE =
  /^application\/vnd\.dev\.sigstore\.bundle(?:\+json;version=0\.[123]|\.v0\.[3-9]\+json)$/;

const signed = {
  payloadType: z.literal(PAYLOAD_TYPE),
  payload: z.string(),
};
const ed25519Schema = z.strictObject({
  ...signed,
  signatures: z
    .array(z.strictObject({ keyid: z.string().regex(/^[0-9a-f]{64}$/), sig: z.string() }))
    .length(1),
});
// Strict at the top and around what is signed: an object that is a bundle and a plain envelope at once could be read
// as either.
const bundleSchema = z.strictObject({
  mediaType: z.string().regex(BUNDLE_MEDIA_TYPE),
  verificationMaterial: z.looseObject({}),
  dsseEnvelope: z.strictObject({
    ...signed,
    signatures: z.array(z.strictObject({ keyid: z.string().max(512).optional(), sig: z.string() })).length(1),
  }),
});

/** Tells a machine's envelope from a person's: a bundle, or a signature of 64 bytes, which no SSH signature is. */
const machineShape = z.union([
  z.looseObject({ mediaType: z.string(), verificationMaterial: z.looseObject({}) }),
  z.looseObject({
    signatures: z.tuple([z.looseObject({ sig: z.string().regex(/^[A-Za-z0-9+/_-]{86}(?:==)?$/) })]),
  }),
]);

/**
 * Whether bytes have the shape of a machine's envelope, sound or not. Nothing has the shapes of both a machine's and a
 * person's, so that neither can ever be counted as the other.
 */
export function isMachineEnvelope(bytes: Uint8Array): boolean {
  try {
    return machineShape.safeParse(parseStrictJson(bytes, LIMITS)).success;
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}

/** A bundle nests deeper than an envelope: material, log entry, proof, checkpoint. */
const LIMITS = { bytes: MAX_ENVELOPE_BYTES, depth: 12, code: "ENVELOPE_MALFORMED" } as const;

/** Throws CoreError ENVELOPE_MALFORMED or SIGNATURE_MALFORMED. */
export function parseMachineEnvelope(bytes: Uint8Array): MachineEnvelope {
  const json = parseStrictJson(bytes, LIMITS);
  if (json !== null && typeof json === "object" && "verificationMaterial" in json) {
    const { dsseEnvelope } = readEnvelope(bundleSchema, json);
    return { kind: "sigstore", payload: readPayload(dsseEnvelope.payload), bundle: json };
  }
  const { payload, signatures } = readEnvelope(ed25519Schema, json);
  const { keyid = "", sig = "" } = signatures[0] ?? {};
  const signature = readBase64(sig, "signatures.0.sig");
  // S and S plus the group order verify alike with some libraries: one signature must have one spelling.
  if (signature.length !== SIGNATURE_BYTES || !isCanonicalEd25519Scalar(signature.subarray(32))) {
    throw new CoreError("SIGNATURE_MALFORMED", "machine envelope: expected an Ed25519 signature of 64 bytes");
  }
  return { kind: "ed25519", payload: readPayload(payload), keyid, signature };
}

function readEnvelope<T>(schema: z.ZodType<T>, json: Json): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const reasons = result.error.issues
    .slice(0, 8)
    .map(({ path, message }) => `${path.join(".") || "(top)"}: ${message}`);
  throw new CoreError("ENVELOPE_MALFORMED", `machine envelope: ${reasons.join("; ")}`);
}

/** The one form in which a machine's envelope is stored and named: canonical JSON, padded standard base64. */
export function formatMachineEnvelope(envelope: MachineEnvelope): Uint8Array<ArrayBuffer> {
  if (envelope.kind === "sigstore") return toUtf8(formatCanonicalJson(envelope.bundle));
  const { payload, keyid, signature } = envelope;
  return toUtf8(
    formatCanonicalJson({
      payload: toBase64(payload),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ keyid, sig: toBase64(signature) }],
    }),
  );
}

function readPayload(text: string): Uint8Array {
  const payload = readBase64(text, "payload");
  if (payload.length <= MAX_STATEMENT_BYTES) return payload;
  const message = `payload: expected at most ${MAX_STATEMENT_BYTES} bytes, got ${payload.length}`;
  throw new CoreError("ENVELOPE_MALFORMED", message);
}

function readBase64(text: string, field: string): Uint8Array {
  try {
    return parseBase64(text);
  } catch (cause) {
    throw new CoreError("ENVELOPE_MALFORMED", `${field}: expected base64`, { cause });
  }
}
