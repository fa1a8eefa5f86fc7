// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, type ObjectId } from "@countersign/core/ids";
import { diffTrees } from "@countersign/git";
import { toRepository } from "../commit/hook-repository.ts";
import { isPlainCommit, readHeadLog } from "../commit/read-head-log.ts";
import type { WorkTreePlace } from "./find-work-tree.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { headCommit, readHead } from "./read-head.ts";

/** A path and the blob that HEAD had there when a command began; null for none. */
export interface CommittedPath {
  readonly path: string;
  readonly headBlob: ObjectId | null;
}

const NOTHING: readonly CommittedPath[] = [];

/**
 * What a command has changed and committed in one go, Git's hooks switched off or not: such files are as HEAD has them before it
 * and after it, and differ all the same. Starts no process where HEAD has not moved. Where it came first in another way than by
 * commits from the work tree, by a new branch say, what differs from there on; nothing where it did so later: then others' text is
 * in what differs.
 */
export async function findCommittedSince(
  place: WorkTreePlace,
  before: JournalEntry | undefined,
): Promise<readonly CommittedPath[]> {
  const is = headCommit(readHead(place.gitDir));
  const was = before === undefined || is === undefined ? undefined : findFirstParent(place, before, is);
  if (was === undefined || is === undefined || was === is) return NOTHING;
  try {
    const changes = await diffTrees(toRepository(place), was, is);
    return changes
      .filter(({ oldMode, newMode }) => [oldMode, newMode].every((mode) => !mode.startsWith("16")))
      .map(({ path, oldId }) => ({ path, headBlob: isNullObjectId(oldId) ? null : oldId }));
  } catch {
    return NOTHING;
  }
}

/** The commit on which a command made its first; undefined where that cannot be told, or HEAD did not get to where it is by that. */
function findFirstParent(place: WorkTreePlace, before: JournalEntry, is: ObjectId): ObjectId | undefined {
  const was = headCommit(before.head);
  if (was === undefined || was === is) return undefined;
  const moves = readHeadLog(place.gitDir).filter(({ offset }) => offset >= (before.log ?? 0));
  const first = moves.findIndex(isPlainCommit);
  if (first < 0 || moves.at(-1)?.to !== is) return undefined;
  const made = moves.slice(first);
  return made.every(isPlainCommit) ? made[0]?.from : undefined;
}
