// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isNullObjectId, isObjectId, type ObjectId, type RepoPath } from "@countersign/core/ids";
import {
  type FileSide,
  type ParentedChange,
  type RawChange,
  type Repository,
  resolvePaths,
  type StagedChange,
} from "@countersign/git";
import { hasAi } from "../capture/fold-state.ts";
import type { WorkingState } from "../capture/working-state.ts";
import { readTargets, type TargetCommit } from "../derive/read-targets.ts";
import type { TakenUp } from "./taken-up.ts";

/** Files without a past that are looked into for lines that moved there; the rest is found when records are made. */
const MOST_STRANGERS = 200;

const NO_TARGET: TargetCommit = { id: "", files: [], removed: [], opaque: [], gaps: [] };

/** What is staged, as far as anything may be known of who wrote it. */
export async function readStagedTarget(
  repo: Repository,
  staged: StagedChange,
  { state, takenUp }: { readonly state: WorkingState; readonly takenUp: TakenUp },
): Promise<TargetCommit> {
  const isKnown = (path: RepoPath) => state.paths.has(path) || takenUp.has(path);
  const known = staged.changes.filter(({ path }) => isKnown(path));
  const strangers = mayLend(staged, state, takenUp)
    ? staged.changes.filter(({ path }) => !isKnown(path))
    : [];
  const chosen = [...known, ...strangers.slice(0, MOST_STRANGERS)];
  const changes = await addOtherParents(repo, chosen);
  for await (const target of readTargets(repo, new Map([[staged.tree, changes]]))) return target;
  return NO_TARGET;
}

/** Whether lines of an AI left a file: it is gone, or was something else before. */
function mayLend({ changes }: StagedChange, { paths }: WorkingState, takenUp: TakenUp): boolean {
  if ([...takenUp.values()].some(({ text, isSure }) => isSure && hasAi(text))) return true;
  const removed = new Set(changes.filter(({ status }) => status === "D").map(({ path }) => path));
  return [...paths].some(([path, { sum, present, earlier }]) =>
    sum === null || removed.has(path) ? [present, ...earlier].some(hasAi) : earlier.some(hasAi),
  );
}

/** A merge adds only what none of its sides has. */
async function addOtherParents(
  repo: Repository,
  changes: readonly RawChange[],
): Promise<readonly ParentedChange[]> {
  const merged = readMergeHeads(repo);
  const places = changes.flatMap(({ path }) => merged.map((tree) => ({ tree, path })));
  const blobs = await resolvePaths(repo, places);
  return changes.flatMap((change, index): readonly ParentedChange[] => {
    const { path, oldMode, oldId, newMode, newId } = change;
    const own = blobs.slice(index * merged.length, (index + 1) * merged.length);
    if (own.includes(newId)) return [];
    const absent: FileSide = { mode: "000000", id: "0".repeat(newId.length) };
    const others = own.map((id) => (id === undefined ? absent : { mode: newMode, id }));
    const isGone = isNullObjectId(newId);
    const sides = others.map((side) =>
      isGone && !isNullObjectId(side.id) ? { ...side, mode: oldMode } : side,
    );
    return [{ path, mode: newMode, id: newId, parents: [{ mode: oldMode, id: oldId }, ...sides] }];
  });
}

export function readMergeHeads({ gitDir }: Repository): readonly ObjectId[] {
  try {
    return readFileSync(join(gitDir, "MERGE_HEAD"), "latin1").split("\n").filter(isObjectId);
  } catch {
    return [];
  }
}
