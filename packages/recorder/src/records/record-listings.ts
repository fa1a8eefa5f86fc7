// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { GitError, listNotes, listRecords, type RecordFile, type Repository } from "@countersign/git";

/** Where records of commits stand, by what asks Git for it. */
export interface RecordListings {
  readonly records: (
    tip: ObjectId,
    commits: readonly ObjectId[],
  ) => Promise<ReadonlyMap<ObjectId, readonly RecordFile[]>>;
  /** Undefined where the ref holds no notes that can be listed. */
  readonly notes: (
    tip: ObjectId,
    commits: readonly ObjectId[],
  ) => Promise<ReadonlyMap<ObjectId, readonly ObjectId[]> | undefined>;
}

/** Asks for the commits in question each time. */
export function listAsked(repo: Repository): RecordListings {
  return {
    records: (tip, commits) => listRecords(repo, tip, commits),
    notes: (tip, commits) => listNotesIfAny(repo, tip, commits),
  };
}

/** Lists everything the first time and remembers it: for a reader of all history, which comes back in batches. */
export function listOnce(repo: Repository): RecordListings {
  const records = new Map<ObjectId, ReturnType<RecordListings["records"]>>();
  const notes = new Map<ObjectId, ReturnType<RecordListings["notes"]>>();
  return {
    records: async (tip, commits) => {
      const all = records.get(tip) ?? listRecords(repo, tip);
      records.set(tip, all);
      return pick(await all, commits);
    },
    notes: async (tip, commits) => {
      const all = notes.get(tip) ?? listNotesIfAny(repo, tip);
      notes.set(tip, all);
      const listed = await all;
      return listed === undefined ? undefined : pick(listed, commits);
    },
  };
}

function pick<T>(all: ReadonlyMap<ObjectId, T>, commits: readonly ObjectId[]): ReadonlyMap<ObjectId, T> {
  const picked = new Map<ObjectId, T>();
  for (const id of commits) {
    const known = all.get(id);
    if (known !== undefined) picked.set(id, known);
  }
  return picked;
}

/**
 * Undefined where the ref holds no notes. Anybody who may push notes can break them, as they can delete them: that is said, and must
 * not stop everybody else's work.
 */
export async function listNotesIfAny(
  repo: Repository,
  tip: ObjectId,
  ids?: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, readonly ObjectId[]> | undefined> {
  try {
    return await listNotes(repo, tip, ids);
  } catch (error) {
    if (error instanceof GitError && error.code === "MISSING_OBJECT") return undefined;
    throw error;
  }
}
