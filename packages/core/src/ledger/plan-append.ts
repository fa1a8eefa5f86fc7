// SPDX-License-Identifier: Apache-2.0
import { CoreError, isSameBytes } from "../ids/index.ts";
import { EMPTY_ROOT, hashLeaf, type TreeHash } from "./merkle.ts";
import { formatEntryBundle, formatTile, parseEntryBundle, parseTile } from "./tile.ts";
import { countHashes, formatTilePath, TILE_WIDTH, type TileId, widthOfTile } from "./tile-path.ts";
import { foldHashes, hashOfNode, hashWhole, nodesOfRange, tileOfNode } from "./tree-ranges.ts";

/** The right edge of a tree: all that appending needs to know of it, a few kilobytes whatever its size. */
export interface TreeEdge {
  readonly treeSize: number;
  /** Hashes of the partial tile at each level; empty where the level's last tile is full. */
  readonly levels: readonly (readonly TreeHash[])[];
  /** The partial entry bundle. */
  readonly entries: readonly Uint8Array[];
}

export const EMPTY_EDGE: TreeEdge = { treeSize: 0, levels: [], entries: [] };

/** What an append comes to; nothing of it has happened yet. */
export interface AppendPlan {
  readonly edge: TreeEdge;
  readonly rootHash: TreeHash;
  /** Tiles and entry bundles to write; each path once and never again with other content. */
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** Tiles that became full: their partial forms may go once these are published. */
  readonly filled: readonly TileId[];
}

/** Plans entries at the end of a tree. Throws CoreError TILE_MALFORMED for an entry of more than 65,535 bytes. */
export function planAppend(edge: TreeEdge, entries: readonly Uint8Array[]): AppendPlan {
  if (entries.length === 0) return { edge, rootHash: rootOfEdge(edge), files: [], filled: [] };
  const treeSize = edge.treeSize + entries.length;
  const bundles = fill(
    { level: "entries", before: edge.treeSize },
    [...edge.entries, ...entries],
    formatEntryBundle,
  );
  const files = [...bundles.files];
  const filled = [...bundles.filled];
  const levels: (readonly TreeHash[])[] = [];
  let added: readonly TreeHash[] = entries.map(hashLeaf);
  for (let level = 0; countHashes(level, treeSize) > 0; level++) {
    const before = countHashes(level, edge.treeSize);
    const row = fill({ level, before }, [...(edge.levels[level] ?? []), ...added], formatTile);
    if (added.length > 0) files.push(...row.files);
    filled.push(...row.filled);
    levels.push(row.rest);
    added = row.full.map(hashWhole);
  }
  const next = { treeSize, levels, entries: bundles.rest };
  return { edge: next, rootHash: rootOfEdge(next), files, filled };
}

interface Filling<T> {
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly filled: readonly TileId[];
  /** Contents of the tiles that became full. */
  readonly full: readonly (readonly T[])[];
  readonly rest: readonly T[];
}

/** Cuts what stands in a row's partial tile and what comes behind it into tiles. */
function fill<T>(
  { level, before }: { readonly level: TileId["level"]; readonly before: number },
  row: readonly T[],
  format: (items: readonly T[]) => Uint8Array,
): Filling<T> {
  const first = Math.floor(before / TILE_WIDTH);
  const count = Math.floor(row.length / TILE_WIDTH);
  const full = Array.from({ length: count }, (_, i) => row.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH));
  const rest = row.slice(count * TILE_WIDTH);
  const filled = full.map((_, i) => ({ level, index: first + i, width: TILE_WIDTH }));
  const files = full.map((items, i) => toFile({ level, index: first + i, width: TILE_WIDTH }, format(items)));
  if (rest.length > 0) files.push(toFile({ level, index: first + count, width: rest.length }, format(rest)));
  return { files, filled, full, rest };
}

function toFile(tile: TileId, bytes: Uint8Array) {
  return { path: formatTilePath(tile), bytes };
}

/** Root of the tree that ends in this edge (RFC 6962 §2.1). */
export function rootOfEdge({ treeSize, levels }: TreeEdge): TreeHash {
  const hashes = nodesOfRange({ start: 0, end: treeSize }).map((node) => {
    const { level, index } = tileOfNode(node, treeSize);
    // Whole subtrees of the whole tree end at the edge, so that every one of them lies in its level's partial tile.
    const row = typeof level === "number" ? levels[level] : undefined;
    const inTile = {
      level: node.level % 8,
      index: node.index - (index * TILE_WIDTH) / 2 ** (node.level % 8),
    };
    return hashOfNode(inTile, row ?? []);
  });
  return foldHashes(hashes) ?? EMPTY_ROOT;
}

/** The tiles from which the edge of a tree can be read; none for the empty tree. */
export function edgeTiles(treeSize: number): readonly TileId[] {
  const tiles: TileId[] = [];
  for (let level = 0; countHashes(level, treeSize) > 0; level++) {
    const index = Math.floor(countHashes(level, treeSize) / TILE_WIDTH);
    const width = widthOfTile(level, index, treeSize);
    if (width === 0) continue;
    if (level === 0) tiles.push({ level: "entries", index, width });
    tiles.push({ level, index, width });
  }
  return tiles;
}

/**
 * The edge out of the tiles of {@link edgeTiles}. Throws CoreError TILE_MALFORMED, and PROOF_INVALID where they are not
 * the edge of the tree with this root: nothing may be appended to what is not the log.
 */
export function readEdge(treeSize: number, rootHash: TreeHash, read: (tile: TileId) => Uint8Array): TreeEdge {
  const levels: (readonly TreeHash[])[] = [];
  let entries: readonly Uint8Array[] = [];
  for (let level = 0; countHashes(level, treeSize) > 0; level++) levels.push([]);
  for (const tile of edgeTiles(treeSize)) {
    if (tile.level === "entries") entries = parseEntryBundle(read(tile), tile.width);
    else levels[tile.level] = parseTile(read(tile), tile.width);
  }
  const edge = { treeSize, levels, entries };
  const leaves = levels[0] ?? [];
  const isLeaf = (entry: Uint8Array, i: number) => isSameBytes(hashLeaf(entry), leaves[i] ?? EMPTY_ROOT);
  if (!isSameBytes(rootOfEdge(edge), rootHash) || !entries.every(isLeaf)) {
    throw new CoreError(
      "PROOF_INVALID",
      `the tiles at the end of the log do not have the root of its ${treeSize} entries`,
    );
  }
  return edge;
}
