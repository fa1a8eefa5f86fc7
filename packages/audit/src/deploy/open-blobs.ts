// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FindBlob } from "@countersign/core/audit";
import { type Sha256, sha256Hex } from "@countersign/core/ids";

/** Manifests and configurations are a few kilobytes; what is larger is a layer, and nobody asks for one. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Manifests, indexes and configurations by digest, from OCI layout folders and from single files. What a name says is held
 * against the content: a layout is only a folder that somebody wrote. Throws the file system's own error for a file that was
 * named and cannot be read.
 */
export function openBlobs(layouts: readonly string[], files: readonly string[]): FindBlob {
  const given = new Map<Sha256, Uint8Array>();
  for (const file of files) {
    const bytes = readFileSync(file);
    given.set(sha256Hex(bytes), bytes);
  }
  return (digest) => given.get(digest) ?? findInLayouts(layouts, digest);
}

function findInLayouts(layouts: readonly string[], digest: Sha256): Uint8Array | undefined {
  for (const layout of layouts) {
    const bytes = readBlob(join(layout, "blobs", "sha256", digest));
    if (bytes !== undefined && sha256Hex(bytes) === digest) return bytes;
  }
  return undefined;
}

function readBlob(path: string): Uint8Array | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile() || stat.size > MOST_BYTES) return undefined;
  return readFileSync(path);
}
