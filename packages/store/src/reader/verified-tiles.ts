// SPDX-License-Identifier: Apache-2.0
import { CoreError, isSameBytes } from "@countersign/core/ids";
import {
  EMPTY_ROOT,
  type EntryRange,
  edgeTiles,
  foldHashes,
  formatTilePath,
  hashLeaf,
  hashOfNode,
  hashWhole,
  nodesOfRange,
  parseEntryBundle,
  parseTile,
  readEdge,
  TILE_WIDTH,
  type TileId,
  type TreeEdge,
  type TreeHash,
  type TreeNode,
  tileOfNode,
  type VerifiedCheckpoint,
  widthOfTile,
} from "@countersign/core/ledger";
import type { LedgerObjects } from "../ports.ts";
import { StoreError } from "../store-error.ts";

/** Tiles and entries of one checkpoint; nothing comes out that does not lead to its root. */
export interface VerifiedTiles {
  /** Entries `from` to before `to` of the bundle that begins at index × 256; default all. Only these are verified. */
  readonly bundle: (index: number, from?: number, to?: number) => Promise<readonly Uint8Array[]>;
  /** Hashes of a tile, as many as the tree has there. */
  readonly hashes: (level: number, index: number) => Promise<readonly TreeHash[]>;
  readonly hashRange: (range: EntryRange) => Promise<TreeHash>;
}

/** Level-0 tiles and bundles kept; those above are few, 16 for a million entries. */
const KEPT = 64;
/** No bundle of sound entries is longer; one that is, is not kept. */
const MOST_KEPT_BYTES = 2048 * TILE_WIDTH;

/** Throws StoreError LEDGER_DAMAGED, naming the tile, and with the checkpoint that it contradicts as evidence. */
export async function openVerifiedTiles(
  objects: Pick<LedgerObjects, "get">,
  checkpoint: VerifiedCheckpoint,
): Promise<VerifiedTiles> {
  const { treeSize } = checkpoint;
  const edge = await loadEdge(objects, checkpoint);
  const upper = new Map<string, readonly TreeHash[]>();
  const leaves = new Map<string, readonly TreeHash[]>();
  /** As they were read: an entry is verified whenever it is asked for, since all 256 of a bundle take as many hashes. */
  const bundles = new Map<string, readonly Uint8Array[]>();
  /** Proofs of neighbours need the same hashes inside a tile. */
  const inner = new WeakMap<readonly TreeHash[], Map<string, TreeHash>>();

  async function tile(level: number, index: number): Promise<readonly TreeHash[]> {
    const width = widthOfTile(level, index, treeSize);
    // The edge was verified as a whole; a full tile is verified by the hash of it that stands one level up.
    if (width < TILE_WIDTH) return edge.levels[level] ?? [];
    const path = formatTilePath({ level, index, width });
    const kept = level === 0 ? leaves : upper;
    const known = kept.get(path);
    if (known !== undefined) return known;
    const above = await tile(level + 1, Math.floor(index / TILE_WIDTH));
    const hashes = await guard(checkpoint, path, async () => parseTile(await fetch(objects, path), width));
    const expected = above[index % TILE_WIDTH];
    if (expected === undefined || !isSameBytes(hashWhole(hashes), expected)) {
      throw damaged(checkpoint, `${path} is not the tile that the checkpoint commits to: it was changed`);
    }
    keep(kept, path, hashes, level === 0 ? KEPT : Number.POSITIVE_INFINITY);
    return hashes;
  }

  async function readBundle(index: number): Promise<readonly Uint8Array[]> {
    const path = formatTilePath({ level: "entries", index, width: TILE_WIDTH });
    const known = bundles.get(path);
    if (known !== undefined) return known;
    return await guard(checkpoint, path, async () => {
      const bytes = await fetch(objects, path);
      const entries = parseEntryBundle(bytes, TILE_WIDTH);
      if (bytes.length <= MOST_KEPT_BYTES) keep(bundles, path, entries, KEPT);
      return entries;
    });
  }

  async function bundle(index: number, from = 0, to = TILE_WIDTH): Promise<readonly Uint8Array[]> {
    if (widthOfTile(0, index, treeSize) < TILE_WIDTH) return edge.entries.slice(from, to);
    const entries = (await readBundle(index)).slice(from, to);
    const hashes = await tile(0, index);
    const odd = entries.findIndex(
      (entry, i) => !isSameBytes(hashLeaf(entry), hashes[from + i] ?? EMPTY_ROOT),
    );
    if (odd >= 0) {
      const number = index * TILE_WIDTH + from + odd;
      const path = formatTilePath({ level: "entries", index, width: TILE_WIDTH });
      throw damaged(
        checkpoint,
        `entry ${number} in ${path} is not the one that was logged: it was changed, moved or replaced`,
      );
    }
    return entries;
  }

  function hashInside(node: TreeNode, hashes: readonly TreeHash[]): TreeHash {
    const known = inner.get(hashes) ?? new Map<string, TreeHash>();
    if (known.size === 0) inner.set(hashes, known);
    const name = `${node.level}/${node.index}`;
    const hash = known.get(name) ?? hashOfNode(node, hashes);
    known.set(name, hash);
    return hash;
  }

  async function hashRange(range: EntryRange): Promise<TreeHash> {
    const hashes: TreeHash[] = [];
    for (const node of nodesOfRange(range)) {
      const { level, index } = tileOfNode(node, treeSize);
      if (typeof level === "number") hashes.push(hashInside(node, await tile(level, index)));
    }
    return foldHashes(hashes) ?? EMPTY_ROOT;
  }

  return { bundle, hashes: tile, hashRange };
}

async function loadEdge(
  objects: Pick<LedgerObjects, "get">,
  checkpoint: VerifiedCheckpoint,
): Promise<TreeEdge> {
  const { treeSize, rootHash } = checkpoint;
  const found = new Map<string, Uint8Array>();
  for (const tile of edgeTiles(treeSize)) {
    found.set(
      formatTilePath(tile),
      await guard(checkpoint, formatTilePath(tile), () => fetchEdge(objects, tile)),
    );
  }
  const names = [...found.keys()].join(", ");
  return guard(checkpoint, names, async () =>
    readEdge(treeSize, rootHash, (tile) => found.get(formatTilePath(tile)) ?? new Uint8Array(0)),
  );
}

/** A log that has grown since may have dropped the partial form: the full tile begins with the same hashes. */
async function fetchEdge(objects: Pick<LedgerObjects, "get">, tile: TileId): Promise<Uint8Array> {
  const partial = await objects.get(formatTilePath(tile));
  return (
    partial ?? (await fetch(objects, formatTilePath({ ...tile, width: TILE_WIDTH }), formatTilePath(tile)))
  );
}

async function fetch(
  objects: Pick<LedgerObjects, "get">,
  path: string,
  asked: string = path,
): Promise<Uint8Array> {
  const bytes = await objects.get(path);
  if (bytes === undefined) throw new CoreError("TILE_MALFORMED", `${asked} is missing`);
  return bytes;
}

async function guard<T>(checkpoint: VerifiedCheckpoint, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof CoreError) throw damaged(checkpoint, `${path}: ${error.message}`, error);
    throw error;
  }
}

export function damaged(
  { treeSize, note }: VerifiedCheckpoint,
  message: string,
  cause?: unknown,
): StoreError {
  const evidence = [{ label: `checkpoint of ${treeSize} entries, signed by the log`, text: note }];
  return new StoreError("LEDGER_DAMAGED", message, { cause, evidence });
}

function keep<T>(kept: Map<string, T>, path: string, value: T, most: number): void {
  const [oldest] = kept.keys();
  if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
  kept.set(path, value);
}
