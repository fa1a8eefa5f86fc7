// SPDX-License-Identifier: Apache-2.0
import {
  concatBytes,
  formatCanonicalJson,
  parseStrictJson,
  sha256Hex,
  toHex,
  toText,
  toUtf8,
} from "@countersign/core/ids";
import type { TreeHash } from "@countersign/core/ledger";
import { z } from "zod";
import { StoreError } from "./store-error.ts";

/** A tree as staging names it. */
export interface TreeHead {
  readonly treeSize: number;
  readonly rootHash: TreeHash;
}

/** Everything that one checkpoint publishes, kept until it is published for good. */
export interface StagedAppend {
  /** Name of the staging of the checkpoint before, as {@link stagingName} makes it. */
  readonly previous: string;
  readonly files: readonly StagedFile[];
  /** Folders of partial tiles that are not needed once the files are published. */
  readonly outdated: readonly string[];
}

export interface StagedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Two writers that plan the same size stage under different names, since their roots differ. */
export function stagingName({ treeSize, rootHash }: TreeHead): string {
  return `${String(treeSize).padStart(16, "0")}-${toHex(rootHash)}`;
}

/** Size that a staging's name claims; undefined for what is no staging. */
export function stagedSize(name: string): number | undefined {
  const [, digits] = /^(\d{16})-[0-9a-f]{64}$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const headerSchema = z.strictObject({
  previous: z.string(),
  files: z.array(z.strictObject({ path: z.string(), length: z.int().min(0) })),
  outdated: z.array(z.string()),
});
const MAX_HEADER_BYTES = 64 * 1024 * 1024;

/** Digest of all that follows, a header, and the files' bytes: whatever a disk did to it shows. */
export function formatStaging({ previous, files, outdated }: StagedAppend): Uint8Array {
  const listed = files.map(({ path, bytes }) => ({ path, length: bytes.length }));
  const header = toUtf8(`${formatCanonicalJson({ previous, files: listed, outdated })}\n`);
  const body = concatBytes(header, ...files.map(({ bytes }) => bytes));
  return concatBytes(toUtf8(`${sha256Hex(body)}\n`), body);
}

/** Throws StoreError STAGING_DAMAGED. */
export function parseStaging(name: string, bytes: Uint8Array): StagedAppend {
  const body = bytes.subarray(65);
  if (toText(bytes.subarray(0, 65)) !== `${sha256Hex(body)}\n`) {
    throw new StoreError(
      "STAGING_DAMAGED",
      `staging/${name} does not hash to what it begins with; restore the ledger's folder from a copy`,
    );
  }
  const end = body.indexOf(10);
  const json = parseStrictJson(body.subarray(0, end), {
    bytes: MAX_HEADER_BYTES,
    depth: 4,
    code: "RECORD_MALFORMED",
  });
  const { previous, files, outdated } = headerSchema.parse(json);
  let at = end + 1;
  const read = files.map(({ path, length }) => {
    at += length;
    return { path, bytes: body.slice(at - length, at) };
  });
  return { previous, files: read, outdated };
}
