// SPDX-License-Identifier: Apache-2.0
import { concatBytes, sha256Bytes } from "../ids/index.ts";

/** A SHA-256 hash of the tree: exactly 32 bytes. */
export type TreeHash = Uint8Array;

export const HASH_BYTES = 32;

/** Root of the tree without leaves (RFC 6962 §2.1): SHA-256 of nothing. */
export const EMPTY_ROOT: TreeHash = sha256Bytes(new Uint8Array(0));

// Different first bytes, so that no inner node can be passed off as a leaf or the other way round (RFC 6962 §2.1).
const LEAF = Uint8Array.of(0);
const CHILDREN = Uint8Array.of(1);

/** Hash of one entry; the length in front of it in an entry bundle is no part of it. */
export function hashLeaf(entry: Uint8Array): TreeHash {
  return sha256Bytes(concatBytes(LEAF, entry));
}

export function hashChildren(left: TreeHash, right: TreeHash): TreeHash {
  return sha256Bytes(concatBytes(CHILDREN, left, right));
}
