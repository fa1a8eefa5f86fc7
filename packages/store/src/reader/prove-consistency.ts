// SPDX-License-Identifier: Apache-2.0
import { planConsistency, type TreeHash } from "@countersign/core/ledger";
import type { VerifiedTiles } from "./verified-tiles.ts";

/** The consistency proof (RFC 6962, 2.1.2) between two sizes of a tree, out of its own tiles; 0 <= oldSize <= newSize. */
export async function proveConsistency(
  tiles: Pick<VerifiedTiles, "hashRange">,
  oldSize: number,
  newSize: number,
): Promise<readonly TreeHash[]> {
  return await Promise.all(planConsistency(oldSize, newSize).map((range) => tiles.hashRange(range)));
}
