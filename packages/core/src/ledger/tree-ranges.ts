// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../ids/index.ts";
import { hashChildren, type TreeHash } from "./merkle.ts";
import { TILE_WIDTH, type TileId, widthOfTile } from "./tile-path.ts";

/** A whole subtree: the 2^level entries from index × 2^level on. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** Entries from `start` to before `end`; a proof is a list of hashes of such ranges. */
export interface EntryRange {
  readonly start: number;
  readonly end: number;
}

/** Ranges whose hashes prove that an entry is in a tree, from the leaf's sibling up (RFC 6962 §2.1.1). */
export function planInclusion(index: number, treeSize: number): readonly EntryRange[] {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(treeSize) && index >= 0 && index < treeSize)) {
    throw new CoreError(
      "PROOF_MALFORMED",
      `expected an index below the tree's size, got ${index} of ${treeSize}`,
    );
  }
  const ranges: EntryRange[] = [];
  let [start, end] = [0, treeSize];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  return ranges.reverse();
}

/** Ranges whose hashes prove that the larger tree continues the smaller one (RFC 6962 §2.1.2). */
export function planConsistency(oldSize: number, newSize: number): readonly EntryRange[] {
  if (
    !(Number.isSafeInteger(newSize) && Number.isSafeInteger(oldSize) && oldSize >= 0 && oldSize <= newSize)
  ) {
    throw new CoreError(
      "PROOF_MALFORMED",
      `expected a tree that grew, got ${oldSize} entries, then ${newSize}`,
    );
  }
  if (oldSize === 0 || oldSize === newSize) return [];
  const ranges: EntryRange[] = [];
  let [start, end] = [0, newSize];
  while (oldSize < end) {
    const middle = start + splitOf(end - start);
    if (oldSize <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  // The old tree itself is left out where it is a subtree of the new one: its root is known.
  if (start > 0) ranges.push({ start, end });
  return ranges.reverse();
}

/** Whole subtrees that make up a range, left to right. The range begins where a subtree of its size may begin. */
export function nodesOfRange({ start, end }: EntryRange): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  let at = start;
  while (at < end) {
    let [level, size] = [0, 1];
    while (at % (size * 2) === 0 && at + size * 2 <= end) [level, size] = [level + 1, size * 2];
    nodes.push({ level, index: at / size });
    at += size;
  }
  return nodes;
}

/** The tile that holds what a subtree's hash is computed from, as wide as it is in a tree of this size. */
export function tileOfNode({ level, index }: TreeNode, treeSize: number): TileId {
  const { tileLevel, first } = placeInTile({ level, index });
  const tileIndex = Math.floor(first / TILE_WIDTH);
  return { level: tileLevel, index: tileIndex, width: widthOfTile(tileLevel, tileIndex, treeSize) };
}

/** A subtree's hash out of its tile's hashes. Throws CoreError TILE_MALFORMED where the tile is too narrow for it. */
export function hashOfNode(node: TreeNode, tile: readonly TreeHash[]): TreeHash {
  const { first, count } = placeInTile(node);
  const offset = first % TILE_WIDTH;
  if (tile.length < offset + count) {
    throw new CoreError("TILE_MALFORMED", `expected a tile of ${offset + count} hashes, got ${tile.length}`);
  }
  return hashWhole(tile.slice(offset, offset + count));
}

/** Hash of a range from its subtrees' hashes, left to right: the last, smallest ones are joined first. */
export function foldHashes(hashes: readonly TreeHash[]): TreeHash | undefined {
  return hashes.reduceRight<TreeHash | undefined>(
    (right, left) => (right === undefined ? left : hashChildren(left, right)),
    undefined,
  );
}

/** Root over a power of two of hashes, such as a full tile: one hash of the level above. A partial one has no such root. */
export function hashWhole(hashes: readonly TreeHash[]): TreeHash {
  let row = hashes;
  while (row.length > 1) row = pairUp(row);
  const [root] = row;
  if (root === undefined) throw new CoreError("TILE_MALFORMED", "expected at least one hash");
  return root;
}

function pairUp(row: readonly TreeHash[]): readonly TreeHash[] {
  return row.flatMap((left, i) => {
    const right = row[i + 1];
    return i % 2 === 1 || right === undefined ? [] : [hashChildren(left, right)];
  });
}

function placeInTile({ level, index }: TreeNode) {
  const tileLevel = Math.floor(level / 8);
  const count = 2 ** (level % 8);
  return { tileLevel, count, first: index * count };
}

/** Largest power of two below n. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
