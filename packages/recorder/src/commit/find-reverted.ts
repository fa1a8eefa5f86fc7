// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ObjectId } from "@countersign/core/ids";
import { resolveCommit } from "@countersign/git";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import { toRepository } from "./hook-repository.ts";

/** Git's own words, in every language. */
const REVERTS = /^This reverts commit ([0-9a-f]{40,64})\b/gm;
const MOST_REVERTED = 8;

/**
 * What there was before the commits that the message of the one to come says it reverts: Git may have brought it back. Git itself leaves
 * no other trace of a revert without conflicts. Starts no process where nothing is reverted.
 */
export async function findReverted(place: WorkTreePlace): Promise<readonly ObjectId[]> {
  const reverted = [...readMessage(place.gitDir).matchAll(REVERTS)].slice(0, MOST_REVERTED);
  if (reverted.length === 0) return [];
  const repository = toRepository(place);
  const parents = reverted.flatMap(([, id = ""]) => [`${id}^1`, `${id}^2`]);
  const found = await Promise.all(
    parents.map((parent) => resolveCommit(repository, parent).catch(() => undefined)),
  );
  return found.filter((id) => id !== undefined);
}

function readMessage(gitDir: string): string {
  try {
    return readFileSync(join(gitDir, "COMMIT_EDITMSG"), "utf8");
  } catch {
    return "";
  }
}
