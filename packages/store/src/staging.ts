// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { concatBytes, formatCanonicalJson, parseStrictJson, toUtf8 } from "@countersign/core/ids";
import { z } from "zod";
import { StoreError } from "./store-error.ts";

/** Everything that one checkpoint publishes, kept until it is published for good. */
export interface StagedAppend {
  /** Name of the staging of the checkpoint before; null after the empty log. */
  readonly previous: string | null;
  readonly files: readonly StagedFile[];
  /** Folders of partial tiles that are not needed once the files are published. */
  readonly outdated: readonly string[];
}

export interface StagedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const NAME = /^(\d{16})-[0-9a-f]{64}$/;

/** Size of the log that a staging leads to, and the digest of its bytes: two different stagings never share a name. */
export function stagingName(treeSize: number, bytes: Uint8Array): string {
  return `${String(treeSize).padStart(16, "0")}-${sha256Hex(bytes)}`;
}

export function isStagingName(name: string): boolean {
  return NAME.test(name);
}

/** Size that a staging's name claims; undefined for what is no staging. */
export function stagedSize(name: string): number | undefined {
  const [, digits] = NAME.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Some hundred kilobytes with each append, for which core's own implementation takes a millisecond. */
function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const headerSchema = z.strictObject({
  previous: z.string().nullable(),
  files: z.array(z.strictObject({ path: z.string(), length: z.int().min(0) })),
  outdated: z.array(z.string()),
});
const MAX_HEADER_BYTES = 64 * 1024 * 1024;

/** A header, and the files' bytes. */
export function formatStaging({ previous, files, outdated }: StagedAppend): Uint8Array {
  const listed = files.map(({ path, bytes }) => ({ path, length: bytes.length }));
  const header = toUtf8(`${formatCanonicalJson({ previous, files: listed, outdated })}\n`);
  return concatBytes(header, ...files.map(({ bytes }) => bytes));
}

/** Throws StoreError STAGING_DAMAGED where the bytes are not those that the name is about. */
export function parseStaging(name: string, bytes: Uint8Array): StagedAppend {
  if (name.slice(17) !== sha256Hex(bytes)) {
    const message = `staging/${name} does not hash to its name; restore the ledger's folder from a copy`;
    throw new StoreError("STAGING_DAMAGED", message);
  }
  const end = bytes.indexOf(10);
  const limits = { bytes: MAX_HEADER_BYTES, depth: 4, code: "RECORD_MALFORMED" } as const;
  const { previous, files, outdated } = headerSchema.parse(parseStrictJson(bytes.subarray(0, end), limits));
  let at = end + 1;
  const read = files.map(({ path, length }) => {
    at += length;
    return { path, bytes: bytes.slice(at - length, at) };
  });
  return { previous, files: read, outdated };
}
