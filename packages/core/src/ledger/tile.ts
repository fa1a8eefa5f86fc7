// SPDX-License-Identifier: Apache-2.0
import { CoreError, concatBytes } from "../ids/index.ts";
import { HASH_BYTES, type TreeHash } from "./merkle.ts";

/** Largest entry in bytes: its length is written in 16 bits. */
export const MAX_ENTRY_BYTES = 65_535;

/**
 * Hashes of a tile as stored. A wider tile than asked for is fine, since a full tile replaces its partial forms. Throws
 * CoreError TILE_MALFORMED.
 */
export function parseTile(bytes: Uint8Array, width: number): readonly TreeHash[] {
  if (bytes.length % HASH_BYTES !== 0 || bytes.length < width * HASH_BYTES) {
    throw new CoreError("TILE_MALFORMED", `expected a tile of ${width} hashes, got ${bytes.length} bytes`);
  }
  return Array.from({ length: width }, (_, i) => bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

export function formatTile(hashes: readonly TreeHash[]): Uint8Array<ArrayBuffer> {
  return concatBytes(...hashes);
}

/** Entries, each after its length in two bytes, big-endian. Throws CoreError TILE_MALFORMED for an entry too long. */
export function formatEntryBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concatBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES) {
        const message = `expected entries of at most ${MAX_ENTRY_BYTES} bytes, got ${entry.length}`;
        throw new CoreError("TILE_MALFORMED", message);
      }
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** The first `width` entries of a bundle; throws CoreError TILE_MALFORMED where there are fewer or one is cut off. */
export function parseEntryBundle(bytes: Uint8Array, width: number): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width) {
    const end = at + 2 + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (at + 2 > bytes.length || end > bytes.length) {
      throw new CoreError(
        "TILE_MALFORMED",
        `expected ${width} entries, the bundle ends in number ${entries.length + 1}`,
      );
    }
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  return entries;
}
