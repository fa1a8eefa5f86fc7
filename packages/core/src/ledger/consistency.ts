// SPDX-License-Identifier: Apache-2.0
import { CoreError, isSameBytes } from "../ids/index.ts";
import { half, verifyHashes } from "./inclusion.ts";
import { EMPTY_ROOT, hashChildren, type TreeHash } from "./merkle.ts";

/** That the tree of `newSize` is the tree of `oldSize` with entries added at its end, and nothing else. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: TreeHash;
  readonly newSize: number;
  readonly newRoot: TreeHash;
  readonly proof: readonly TreeHash[];
}

/**
 * Verifies a consistency proof (RFC 6962 §2.1.2, by the steps of RFC 9162 §2.1.4.2). Between equal sizes and from the
 * empty tree the proof is empty. Throws CoreError PROOF_MALFORMED or PROOF_INVALID.
 */
export function verifyConsistency(claim: ConsistencyClaim): void {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim;
  if (
    !(Number.isSafeInteger(newSize) && Number.isSafeInteger(oldSize) && oldSize >= 0 && oldSize <= newSize)
  ) {
    throw new CoreError(
      "PROOF_MALFORMED",
      `expected a tree that grew, got ${oldSize} entries, then ${newSize}`,
    );
  }
  verifyHashes([oldRoot, newRoot, ...proof]);
  if (oldSize === newSize || oldSize === 0) {
    if (proof.length > 0) throw invalid(claim);
    const expected = oldSize === newSize ? newRoot : EMPTY_ROOT;
    if (!isSameBytes(oldRoot, expected)) throw invalid(claim);
    return;
  }
  const roots = foldProof(claim);
  if (!isSameBytes(roots.old, oldRoot) || !isSameBytes(roots.new, newRoot)) throw invalid(claim);
}

function foldProof(claim: ConsistencyClaim): { readonly old: TreeHash; readonly new: TreeHash } {
  const { oldSize, oldRoot, newSize, proof } = claim;
  let [position, last] = [oldSize - 1, newSize - 1];
  while (position % 2 === 1) [position, last] = [half(position), half(last)];
  // An old tree that is whole (a power of two) is itself the first node; the proof does not repeat it.
  const nodes = position === 0 ? [oldRoot, ...proof] : proof;
  const [first, ...rest] = nodes;
  if (first === undefined) throw invalid(claim);
  let [oldHash, newHash] = [first, first];
  for (const node of rest) {
    if (last === 0) throw invalid(claim);
    if (position % 2 === 1 || position === last) {
      [oldHash, newHash] = [hashChildren(node, oldHash), hashChildren(node, newHash)];
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      newHash = hashChildren(newHash, node);
    }
    [position, last] = [half(position), half(last)];
  }
  if (last !== 0) throw invalid(claim);
  return { old: oldHash, new: newHash };
}

function invalid({ oldSize, newSize }: ConsistencyClaim): CoreError {
  return new CoreError(
    "PROOF_INVALID",
    `the tree of ${newSize} entries does not continue the tree of ${oldSize}: entries were changed, dropped or reordered`,
  );
}
