// SPDX-License-Identifier: Apache-2.0

/** Hashes in a full tile, entries in a full bundle (tlog-tiles). */
export const TILE_WIDTH = 256;

/** One tile, or with level `entries` one entry bundle: full (`width` 256) or partial. */
export interface TileId {
  readonly level: number | "entries";
  readonly index: number;
  /** 1 to 256. */
  readonly width: number;
}

/** Where tlog-tiles puts a tile: `tile/0/x001/067`, or `tile/0/x001/067.p/12` while it is partial. */
export function formatTilePath({ level, index, width }: TileId): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/\d{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${path}${width < TILE_WIDTH ? `.p/${width}` : ""}`;
}

/** The folder in which the partial forms of a tile stand until it is full. */
export function partialFolder(tile: TileId): string {
  return `${formatTilePath({ ...tile, width: TILE_WIDTH })}.p`;
}

/** Hashes at a tile level of a tree: one for each full tile below. */
export function countHashes(level: number, treeSize: number): number {
  return Math.floor(treeSize / TILE_WIDTH ** level);
}

/** Width of a tile in a tree of this size; 0 where there is none. */
export function widthOfTile(level: number, index: number, treeSize: number): number {
  return Math.min(TILE_WIDTH, Math.max(0, countHashes(level, treeSize) - index * TILE_WIDTH));
}
