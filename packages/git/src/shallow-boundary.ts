// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObjectId, type ObjectId } from "@countersign/core/ids";
import type { Repository } from "./types.ts";

/**
 * Commits whose parents this clone was not given although they have some; empty for a whole clone. A range that holds one of
 * them is cut off there (T39).
 */
export async function shallowBoundary(repo: Repository): Promise<readonly ObjectId[]> {
  if (!repo.isShallow) return [];
  return (await readFile(join(repo.commonDir, "shallow"), "latin1")).split("\n").filter(isObjectId);
}
