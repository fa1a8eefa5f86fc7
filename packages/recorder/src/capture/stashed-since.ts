// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isNullObjectId, isObjectId, type ObjectId } from "@countersign/core/ids";
import { diffTrees, emptyTree, resolveCommit } from "@countersign/git";
import { findCommonDir, toRepository } from "../commit/hook-repository.ts";
import type { CommittedPath } from "./committed-since.ts";
import type { WorkTreePlace } from "./find-work-tree.ts";
import type { JournalEntry } from "./journal-entry.ts";

/** A path and what a stash that a command made took away from there. */
export interface StashedPath extends CommittedPath {
  readonly stashedBlob: ObjectId;
}

const NOTHING: readonly StashedPath[] = [];

/**
 * What a command has written and put into the stash in one go: such files are as HEAD has them before it and after it, and whoever brings
 * them back will not have written them. Starts no process where no stash was made.
 */
export async function findStashedSince(
  place: WorkTreePlace,
  before: JournalEntry | undefined,
): Promise<readonly StashedPath[]> {
  const stash = before === undefined ? undefined : readNewStash(place, before);
  if (stash === undefined) return NOTHING;
  try {
    const repo = toRepository(place);
    const [base, untracked] = await Promise.all(
      [1, 3].map((parent) => resolveCommit(repo, `${stash}^${parent}`)),
    );
    const pairs = [
      ...(base === undefined ? [] : [[base, stash] as const]),
      ...(untracked === undefined ? [] : [[emptyTree(repo.objectFormat), untracked] as const]),
    ];
    const changes = (await Promise.all(pairs.map(([from, to]) => diffTrees(repo, from, to)))).flat();
    return changes
      .filter(({ newMode, newId }) => newMode.startsWith("100") && !isNullObjectId(newId))
      .map(({ path, oldId, newId }) => ({
        path,
        headBlob: isNullObjectId(oldId) ? null : oldId,
        stashedBlob: newId,
      }));
  } catch {
    return NOTHING;
  }
}

/** Whatever any clock says, a stash that was not there before was made since. */
function readNewStash({ gitDir }: WorkTreePlace, { stashes = [] }: JournalEntry): ObjectId | undefined {
  const newest = readStashes(gitDir).at(-1);
  return newest === undefined || stashes.includes(newest) ? undefined : newest;
}

/**
 * Commits of stashes that were there when a command began, with those of their files that Git did not track: the ones that are gone
 * now, and the newest, which may have been applied and kept. Starts no process where there was none.
 */
export async function findUnstashed(
  place: WorkTreePlace,
  before: JournalEntry | undefined,
): Promise<readonly ObjectId[]> {
  const stashes = before?.stashes ?? [];
  if (stashes.length === 0) return [];
  const left = new Set(readStashes(place.gitDir));
  const back = stashes.filter((stash, index) => !left.has(stash) || index === stashes.length - 1);
  const asked = back.slice(-MOST_UNSTASHED);
  const repo = toRepository(place);
  const untracked = await Promise.all(
    asked.map((stash) => resolveCommit(repo, `${stash}^3`).catch(() => undefined)),
  );
  return [...asked, ...untracked.filter((id) => id !== undefined)];
}

/** A command seldom brings back more. */
const MOST_UNSTASHED = 4;
/** More than anybody keeps and still knows. */
const MOST_STASHES = 64;

/** The stashes that there are, newest last; none where no log is kept in a file. */
export function readStashes(gitDir: string): readonly ObjectId[] {
  const rows = readLog(join(findCommonDir(gitDir), "logs/refs/stash"))
    .trimEnd()
    .split("\n");
  const ids = rows.slice(-MOST_STASHES).map((row) => row.split(" ", 2)[1] ?? "");
  return ids.filter(isObjectId);
}

function readLog(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
