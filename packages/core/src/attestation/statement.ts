// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { CoreError, formatCanonicalJson, type Json, parseStrictJson, toUtf8 } from "../ids/index.ts";
import { objectIdField, sha256Field } from "./predicate-fields.ts";
import { readShape, refuse } from "./read-shape.ts";

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

/** Largest statement in bytes: what one ledger entry can hold. */
export const MAX_STATEMENT_BYTES = 65_535;

/** A commit, its tree, and the artifacts of one deployment. */
const MOST_SUBJECTS = 128;
/** Ours are words; a builder's names are paths and references. */
const MOST_NAME = 512;

/** One thing a statement is about. in-toto matches by digest; our names only say which digest is which. */
export interface Subject {
  readonly name: string;
  readonly digest: { readonly gitCommit?: string; readonly gitTree?: string; readonly sha256?: string };
}

/** The in-toto Statement v1 layer, its predicate not yet looked at. */
export interface RawStatement {
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: Json;
}

// Exactly one digest per subject: several digests of one subject mean "the same thing hashed differently" in
// in-toto, and a verifier may be content with any one of them.
const digestSchema = z.union([
  z.strictObject({ gitCommit: objectIdField }),
  z.strictObject({ gitTree: objectIdField }),
  z.strictObject({ sha256: sha256Field }),
]);

const statementSchema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z
    .array(z.strictObject({ name: z.string().min(1).max(MOST_NAME), digest: digestSchema }))
    .min(1)
    .max(MOST_SUBJECTS),
  predicateType: z.string().min(1).max(256),
  predicate: z.record(z.string(), z.unknown()),
});

/** Reads the statement layer; throws CoreError STATEMENT_MALFORMED on anything that two readers could read differently. */
export function parseRawStatement(bytes: Uint8Array): RawStatement {
  const limits = { bytes: MAX_STATEMENT_BYTES, depth: 8, code: "STATEMENT_MALFORMED" } as const;
  const { subject, predicateType, predicate } = readShape(
    statementSchema,
    parseStrictJson(bytes, limits),
    "statement",
  );
  return { subject, predicateType, predicate: predicate as Json };
}

/** Canonical JSON of a statement. Throws CoreError STATEMENT_MALFORMED when it would be too large to log. */
export function formatRawStatement(statement: RawStatement): Uint8Array<ArrayBuffer> {
  const { subject, predicateType, predicate } = statement;
  const plainSubject = subject.map(({ name, digest }): Json => ({ name, digest: { ...digest } }));
  const bytes = toUtf8(
    formatCanonicalJson({ _type: STATEMENT_TYPE, subject: plainSubject, predicateType, predicate }),
  );
  if (bytes.length > MAX_STATEMENT_BYTES) {
    throw new CoreError(
      "STATEMENT_MALFORMED",
      `statement: ${bytes.length} bytes, at most ${MAX_STATEMENT_BYTES} fit`,
    );
  }
  return bytes;
}

/** Throws CoreError STATEMENT_MALFORMED unless the subjects are exactly the expected ones, in their order. */
export function verifySubjects(actual: readonly Subject[], expected: readonly Subject[]): void {
  const plain = (subjects: readonly Subject[]): string => {
    return formatCanonicalJson(subjects.map(({ name, digest }) => ({ name, digest: { ...digest } })));
  };
  if (plain(actual) !== plain(expected)) {
    throw refuse(
      "statement",
      `subject: expected ${plain(expected)} as the predicate says, got ${plain(actual)}`,
    );
  }
}
