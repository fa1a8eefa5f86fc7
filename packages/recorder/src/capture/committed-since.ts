// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, type ObjectId } from "@countersign/core/ids";
import { diffTrees } from "@countersign/git";
import { toRepository } from "../commit/hook-repository.ts";
import { readHeadLog } from "../commit/read-head-log.ts";
import type { WorkTreePlace } from "./find-work-tree.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { headCommit, readHead } from "./read-head.ts";

/** A path and the blob that HEAD had there when a command began; null for none. */
export interface CommittedPath {
  readonly path: string;
  readonly headBlob: ObjectId | null;
}

const NOTHING: readonly CommittedPath[] = [];
const OWN = /^commit(?: \((?:amend|initial)\))?$/;

/**
 * What a command has changed and committed in one go, Git's hooks switched off or not: such files are as HEAD has them before it
 * and after it, and differ all the same. Starts no process where HEAD has not moved. Nothing where HEAD came to where it is in
 * another way than by commits from the work tree: then others' text is in what differs.
 */
export async function findCommittedSince(
  place: WorkTreePlace,
  before: JournalEntry | undefined,
): Promise<readonly CommittedPath[]> {
  const [was, is] = [headCommit(before?.head ?? ""), headCommit(readHead(place.gitDir))];
  if (before === undefined || was === undefined || is === undefined || was === is) return NOTHING;
  const moves = readHeadLog(place.gitDir).filter(({ offset }) => offset >= (before.log ?? 0));
  if (moves.length === 0 || !moves.every(({ action }) => OWN.test(action))) return NOTHING;
  try {
    const changes = await diffTrees(toRepository(place), was, is);
    return changes
      .filter(({ oldMode, newMode }) => [oldMode, newMode].every((mode) => !mode.startsWith("16")))
      .map(({ path, oldId }) => ({ path, headBlob: isNullObjectId(oldId) ? null : oldId }));
  } catch {
    return NOTHING;
  }
}
