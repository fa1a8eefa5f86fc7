// SPDX-License-Identifier: Apache-2.0
import {
  edgeTiles,
  formatEntryBundle,
  formatTile,
  formatTilePath,
  TILE_WIDTH,
  type TileId,
  widthOfTile,
} from "@countersign/core/ledger";
import type { StagedFile } from "../staging.ts";
import type { VerifiedTiles } from "./verified-tiles.ts";

/** Every tile and entry bundle of a tree, full ones and those of its edge, each verified before it comes out. */
export async function* readTileFiles(tiles: VerifiedTiles, treeSize: number): AsyncGenerator<StagedFile> {
  for (let index = 0; widthOfTile(0, index, treeSize) === TILE_WIDTH; index++)
    yield await readFile(tiles, { level: "entries", index, width: TILE_WIDTH });
  for (let level = 0; widthOfTile(level, 0, treeSize) > 0; level++) {
    for (let index = 0; widthOfTile(level, index, treeSize) === TILE_WIDTH; index++)
      yield await readFile(tiles, { level, index, width: TILE_WIDTH });
  }
  yield* readEdgeFiles(tiles, treeSize);
}

/** The partial tiles of a tree that is this one or an earlier state of it. */
export async function* readEdgeFiles(tiles: VerifiedTiles, treeSize: number): AsyncGenerator<StagedFile> {
  for (const tile of edgeTiles(treeSize)) yield await readFile(tiles, tile);
}

async function readFile(tiles: VerifiedTiles, tile: TileId): Promise<StagedFile> {
  const { level, index, width } = tile;
  const bytes =
    level === "entries"
      ? formatEntryBundle((await tiles.bundle(index)).slice(0, width))
      : formatTile((await tiles.hashes(level, index)).slice(0, width));
  return { path: formatTilePath(tile), bytes };
}
