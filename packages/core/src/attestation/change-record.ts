// SPDX-License-Identifier: Apache-2.0
import {
  formatCanonicalJson,
  isSameBytes,
  type ObjectFormat,
  type ObjectId,
  parseStrictJson,
  type RefName,
  type Sha256,
  sha256Hex,
  toUtf8,
} from "../ids/index.ts";
import { changeRecordSchema } from "./predicate-fields.ts";
import { readShape, refuse } from "./read-shape.ts";

/** What identifies a change; its canonical JSON's SHA-256 is what sign-offs bind to. */
export interface ChangeRecord {
  readonly version: 1;
  /** The policy's `repository`, or the empty string where it names none. */
  readonly repository: string;
  readonly target: RefName;
  readonly mergeBase: ObjectId;
  readonly mergeBaseTree: ObjectId;
  readonly headTree: ObjectId;
  /** SHA-256 over what the change's files contain; holds where Git's own SHA-1 does not (T63). */
  readonly contentDigest: Sha256;
  readonly policyDigest: Sha256;
  readonly objectFormat: ObjectFormat;
}

/**
 * The canonical bytes of a change record. The head *commit* is left out on purpose: an amended message with the same
 * tree is the same change. Throws CoreError STATEMENT_MALFORMED on a record that {@link parseChangeRecord} would refuse.
 */
export function formatChangeRecord(record: ChangeRecord): Uint8Array<ArrayBuffer> {
  const { version, repository, target, mergeBase, mergeBaseTree, headTree, ...rest } = record;
  const { contentDigest, policyDigest, objectFormat } = rest;
  // Named one by one: an object with more keys than the type says must not change what is hashed.
  const exact = {
    version,
    repository,
    target,
    mergeBase,
    mergeBaseTree,
    headTree,
    contentDigest,
    policyDigest,
    objectFormat,
  };
  return toUtf8(formatCanonicalJson({ ...readShape(changeRecordSchema, exact, "change record") }));
}

export function digestChangeRecord(record: ChangeRecord): Sha256 {
  return sha256Hex(formatChangeRecord(record));
}

/** Throws CoreError STATEMENT_MALFORMED unless the bytes are exactly a record in canonical form. */
export function parseChangeRecord(bytes: Uint8Array): ChangeRecord {
  const json = parseStrictJson(bytes, { bytes: 16_384, depth: 1, code: "STATEMENT_MALFORMED" });
  const record = readShape(changeRecordSchema, json, "change record");
  if (!isSameBytes(formatChangeRecord(record), bytes)) {
    throw refuse("change record", "expected canonical JSON: keys sorted, no white space");
  }
  return record;
}
