// SPDX-License-Identifier: Apache-2.0
import { CoreError, isSameBytes } from "../ids/index.ts";
import { HASH_BYTES, hashChildren, type TreeHash } from "./merkle.ts";

/** That one entry stands at one place of one tree. */
export interface InclusionClaim {
  /** 0-based. */
  readonly index: number;
  readonly treeSize: number;
  readonly leafHash: TreeHash;
  readonly rootHash: TreeHash;
  /** From the leaf's sibling up. */
  readonly proof: readonly TreeHash[];
}

/**
 * Verifies an inclusion proof (RFC 6962 §2.1.1, by the steps of RFC 9162 §2.1.3.2). A proof has exactly the hashes it
 * needs: one too many is as wrong as one too few. Throws CoreError PROOF_MALFORMED or PROOF_INVALID.
 */
export function verifyInclusion({ index, treeSize, leafHash, rootHash, proof }: InclusionClaim): void {
  verifyRange(index, treeSize);
  verifyHashes([leafHash, rootHash, ...proof]);
  let [position, last] = [index, treeSize - 1];
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) throw wrongLength(proof);
    if (position % 2 === 1 || position === last) {
      hash = hashChildren(sibling, hash);
      // A node on the right edge without a sibling was carried up; the proof has nothing for those levels.
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      hash = hashChildren(hash, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  if (last !== 0) throw wrongLength(proof);
  if (!isSameBytes(hash, rootHash)) {
    throw new CoreError("PROOF_INVALID", `entry ${index} is not in the tree of ${treeSize} with this root`);
  }
}

function verifyRange(index: number, treeSize: number): void {
  if (Number.isSafeInteger(index) && Number.isSafeInteger(treeSize) && index >= 0 && index < treeSize) return;
  throw new CoreError(
    "PROOF_MALFORMED",
    `expected an index below the tree's size, got ${index} of ${treeSize}`,
  );
}

/** Throws CoreError PROOF_MALFORMED unless every hash has 32 bytes. */
export function verifyHashes(hashes: readonly TreeHash[]): void {
  const odd = hashes.find((hash) => hash.length !== HASH_BYTES);
  if (odd !== undefined) {
    throw new CoreError("PROOF_MALFORMED", `expected hashes of ${HASH_BYTES} bytes, got ${odd.length}`);
  }
}

function wrongLength(proof: readonly TreeHash[]): CoreError {
  return new CoreError(
    "PROOF_INVALID",
    `the proof has the wrong number of hashes (${proof.length}) for its place`,
  );
}

/** Shifts by one, also above 2^31, where `>>` would cut the number off. */
export function half(value: number): number {
  return Math.floor(value / 2);
}
