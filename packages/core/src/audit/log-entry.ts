// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { parseInstant } from "../attestation/index.ts";
import {
  CoreError,
  formatCanonicalJson,
  isObjectId,
  isSameBytes,
  type ObjectId,
  parseStrictJson,
  type Sha256,
  toUtf8,
} from "../ids/index.ts";

/** What one leaf of the ledger says (specs/ledger.md). Its bytes are about 400; the evidence itself stands beside the tree. */
export interface LogEntry {
  readonly version: 1;
  readonly kind: LogEntryKind;
  /** RFC 3339 UTC seconds by the log's clock; never before the entry in front of it. */
  readonly loggedAt: string;
  /** SHA-256 of the stored bytes: an envelope, an assistance record, or a redaction's reason. */
  readonly object: Sha256;
  /** Of the statement in an envelope; null for what is none. */
  readonly predicateType: string | null;
  /** Head of a signed-off change, the recorded, the labelled or the deployed commit. */
  readonly commit: ObjectId | null;
  /** Digest of the change record, where there is one. */
  readonly change: Sha256 | null;
  /** approve, reject, revoke or override; pass, pending, denied or error. */
  readonly decision: string | null;
  /** Blinded by the statement's nonce: only who holds the envelope can tell whose key it is. */
  readonly signer: Sha256 | null;
  /** Index of the entry whose object was removed; not null exactly for `redaction`. */
  readonly redacts: number | null;
}

export const LOG_ENTRY_KINDS = [
  "assistance",
  "sign-off",
  "rejection",
  "revocation",
  "override",
  "amendment",
  "verdict",
  "deployment",
  "redaction",
] as const;

export type LogEntryKind = (typeof LOG_ENTRY_KINDS)[number];

/** Far above what an entry needs, so that the largest predicate type fits; a reader stops here. */
const MAX_ENTRY_BYTES = 2048;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex characters");

const entrySchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.enum(LOG_ENTRY_KINDS),
    loggedAt: z.string().refine(isInstant, "expected a UTC time such as 2026-03-01T12:00:00Z"),
    object: sha256,
    predicateType: z
      .string()
      .regex(/^[\x21-\x7e]{1,256}$/, "expected a URI of at most 256 ASCII characters")
      .nullable(),
    commit: z.string().refine(isObjectId, "expected 40 or 64 lower-case hex characters").nullable(),
    change: sha256.nullable(),
    decision: z
      .string()
      .regex(/^[a-z][a-z-]{0,31}$/, "expected a word such as approve")
      .nullable(),
    signer: sha256.nullable(),
    redacts: z.int().min(0).nullable(),
  })
  .refine(({ kind, redacts }) => (kind === "redaction") === (redacts !== null), {
    path: ["redacts"],
    error: "expected an index for a redaction, and null for everything else",
  });

/** The leaf's bytes: canonical JSON. Throws CoreError LOG_ENTRY_MALFORMED on what {@link parseLogEntry} would refuse. */
export function formatLogEntry(entry: LogEntry): Uint8Array<ArrayBuffer> {
  return toUtf8(formatCanonicalJson({ ...readEntry(entry) }));
}

/** An entry from its leaf, which must be exactly the canonical bytes. Throws CoreError LOG_ENTRY_MALFORMED. */
export function parseLogEntry(leaf: Uint8Array): LogEntry {
  const json = parseStrictJson(leaf, { bytes: MAX_ENTRY_BYTES, depth: 1, code: "LOG_ENTRY_MALFORMED" });
  const entry = readEntry(json);
  if (!isSameBytes(formatLogEntry(entry), leaf)) {
    throw new CoreError(
      "LOG_ENTRY_MALFORMED",
      "log entry: expected canonical JSON: keys sorted, no white space",
    );
  }
  return entry;
}

function readEntry(value: unknown): LogEntry {
  const result = entrySchema.safeParse(value);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) => `${path.join(".") || "(top)"}: ${message}`);
  throw new CoreError("LOG_ENTRY_MALFORMED", `log entry: ${reasons.slice(0, 8).join("; ")}`);
}

function isInstant(text: string): boolean {
  try {
    parseInstant(text);
    return true;
  } catch {
    return false;
  }
}
