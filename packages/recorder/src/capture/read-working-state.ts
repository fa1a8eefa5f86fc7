// SPDX-License-Identifier: Apache-2.0
import { statSync } from "node:fs";
import type { Repository } from "@countersign/git";
import type { WorkTreePlace } from "./find-work-tree.ts";
import { foldJournal, foldSafely } from "./fold-journal.ts";
import { startFold } from "./fold-state.ts";
import { openGitTexts } from "./git-texts.ts";
import { hasEnded } from "./has-ended.ts";
import {
  type ConsumedBytes,
  findCut,
  type JournalPosition,
  type ReadJournal,
  readJournal,
} from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { type ConsumedLosses, type ReadLosses, readNewLosses } from "./losses.ts";
import { readPendingEnd } from "./pending.ts";
import { type RecorderFolder, recorderFolder } from "./recorder-folder.ts";
import { getSnapshot } from "./snapshot-store.ts";
import { type LoadedStates, loadStates } from "./stored-states.ts";
import type { WorkingState } from "./working-state.ts";

export interface ReadWorkingState extends WorkingState {
  /** How far the journal and the losses are folded in. */
  readonly consumed: ConsumedBytes;
  readonly consumedLosses: ConsumedLosses;
}

export interface ReadOptions {
  /** The repository, where it is open already. */
  readonly repository?: Repository;
  /** Contents that `extra` entries name and that are in no store, as latin1 text by their sum. */
  readonly contents?: ReadonlyMap<string, string>;
  /** How many lines of the journal are folded; by default all. */
  readonly lines?: number;
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
  { repository, contents, lines }: ReadOptions = {},
): Promise<ReadWorkingState> {
  const folder = recorderFolder(place.gitDir);
  const { state, journal: whole, losses } = readConsistently(folder);
  const journal = { ...whole, lines: whole.lines.slice(0, lines) };
  const kept = journal.lines.flatMap(({ entry }) => (entry.phase === "start" ? [] : [entry]));
  const texts = openGitTexts(place, repository);
  await texts.load(state, kept);
  // What a call left is what the commit finds: most contents are asked for twice in a row.
  let last = { sum: "", text: undefined as string | undefined };
  const snapshot = (sum: string): string | undefined => {
    if (last.sum !== sum)
      last = { sum, text: contents?.get(sum) ?? toText(getSnapshot(folder.snapshots, sum)) };
    return last.text;
  };
  const fold = startFold(state, { ...texts, snapshot });
  foldJournal(fold, journal, losses.losses, (id) => hasEnded(folder, id));
  const added = await extra(fold);
  await texts.load(fold, added);
  for (const entry of added) foldSafely(fold, entry);
  const { paths, open, suspects, started, gaps } = fold;
  return {
    ...{ paths, open, suspects, started, gaps },
    consumed: journal.consumed,
    consumedLosses: losses.consumed,
  };
}

interface ReadParts extends LoadedStates {
  readonly journal: ReadJournal;
  readonly losses: ReadLosses;
}

const MOST_TRIES = 4;

/** Somebody may fold the journal away while it is read: then the states are newer, and everything is read again. */
function readConsistently(folder: RecorderFolder): ReadParts {
  for (let tries = 1; ; tries++) {
    const version = versionOf(folder);
    const loaded = loadStates(folder);
    // Asked before the journal is read: what is written meanwhile makes the one longer that is read later.
    const end = readPendingEnd(folder);
    const journal = withCut(
      readJournal(folder, loaded.consumed),
      end === undefined ? end : findCut(folder, end),
    );
    const losses = readNewLosses(folder, loaded.consumedLosses);
    if (version === versionOf(folder) || tries === MOST_TRIES) return { ...loaded, journal, losses };
  }
}

function withCut(journal: ReadJournal, cut: JournalPosition | undefined): ReadJournal {
  return cut === undefined ? journal : { ...journal, damaged: [...journal.damaged, cut] };
}

function versionOf({ states }: RecorderFolder): string {
  const stat = statSync(states, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? "" : `${stat.ino} ${stat.mtimeNs}`;
}

function toText(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("latin1");
}
