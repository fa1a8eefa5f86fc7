// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { openRepository, readObjects } from "@countersign/git";
import type { WorkTreePlace } from "./find-work-tree.ts";
import { foldEntry } from "./fold-entry.ts";
import { type Fold, startFold } from "./fold-state.ts";
import { type ConsumedBytes, readJournal } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { readLosses } from "./losses.ts";
import { recorderFolder } from "./recorder-folder.ts";
import { getSnapshot } from "./snapshot-store.ts";
import { loadStates } from "./stored-states.ts";
import type { WorkingState } from "./working-state.ts";

export interface ReadWorkingState extends WorkingState {
  /** How far the journal is folded in. */
  readonly consumed: ConsumedBytes;
}

/** Entries to fold in last, as if they were in the journal; may depend on what is known without them. */
export type ExtraEntries = (
  state: WorkingState,
) => readonly JournalEntry[] | Promise<readonly JournalEntry[]>;

const NO_EXTRA: ExtraEntries = () => [];

/**
 * Folds the journal of a work tree into what is known of its files now. Reads only, but for what `extra` does. Losses since
 * the last commit come out as gaps.
 */
export async function readWorkingState(
  place: WorkTreePlace,
  extra: ExtraEntries = NO_EXTRA,
): Promise<ReadWorkingState> {
  const folder = recorderFolder(place.gitDir);
  const { state, consumed } = loadStates(folder);
  const journal = readJournal(folder, consumed);
  const { entries } = journal;
  const blobs = new Map<ObjectId, string>();
  const fold = startFold(state, {
    snapshot: (sum) => toText(getSnapshot(folder.snapshots, sum)),
    blob: (id) => blobs.get(id),
  });
  await readBlobs(place, neededBlobs(entries), blobs);
  for (const entry of entries) foldSafely(fold, entry);
  const added = await extra(fold);
  await readBlobs(place, neededBlobs(added), blobs);
  for (const entry of added) foldSafely(fold, entry);
  if (journal.damaged > 0) {
    const message = `${journal.damaged} entries of the recorder's journal are torn or damaged`;
    // Nobody knows when; the newest entry is the latest that is sure to be before a commit to come.
    fold.gaps.push({ code: "journal-damaged", message, at: entries.at(-1)?.at ?? 0 });
  }
  fold.gaps.push(...readLosses(folder));
  const { paths, open, gaps } = fold;
  return { paths, open, gaps, consumed: journal.consumed };
}

/** An entry of an odd shape costs itself and nothing else. */
function foldSafely(fold: Fold, entry: JournalEntry): void {
  try {
    foldEntry(fold, entry);
  } catch {
    const message = "an entry of the recorder's journal is malformed";
    fold.gaps.push({ code: "journal-damaged", message, at: Number(entry.at) || 0 });
  }
}

/** Blobs that stood at the paths which a shell command changed, and that no snapshot holds. */
function neededBlobs(entries: readonly JournalEntry[]): readonly ObjectId[] {
  const ended = entries.filter(({ phase }) => phase === "after" || phase === "failed" || phase === "commit");
  return [...new Set(ended.flatMap(({ files }) => files.flatMap(({ headBlob }) => headBlob ?? [])))];
}

async function readBlobs(
  place: WorkTreePlace,
  ids: readonly ObjectId[],
  texts: Map<ObjectId, string>,
): Promise<void> {
  if (ids.length === 0) return;
  const repo = await openRepository(place.workTree);
  for await (const blob of readObjects(repo, ids))
    if (blob.status === "read") texts.set(blob.id, Buffer.from(blob.bytes).toString("latin1"));
}

function toText(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("latin1");
}
