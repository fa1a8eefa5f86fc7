// SPDX-License-Identifier: Apache-2.0
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join, resolve } from "node:path";
import type { WorkTreePlace } from "./find-work-tree.ts";
import { readJournal, rotate } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { readWorkingState } from "./read-working-state.ts";
import { type RecorderFolder, recorderFolder } from "./recorder-folder.ts";
import { storeStates } from "./stored-states.ts";
import type { WorkingState } from "./working-state.ts";

/** A lock this old was left by a process that was killed. */
const STALE_MS = 30_000;

/**
 * After a commit: folds the journal into the states file and says whether anything is pending still. Another process that is
 * at it already does the same work, so this one leaves it to that.
 */
export async function compact(
  place: WorkTreePlace,
  extra: readonly JournalEntry[],
  isCommitted: (path: string, content: string) => boolean,
): Promise<void> {
  const folder = recorderFolder(place.gitDir);
  if (!takeLock(folder)) return;
  try {
    const { consumed, ...state } = await readWorkingState(place, extra);
    const kept = { ...state, paths: pruned(state, isCommitted) };
    // Crash argument: the states file appears whole, with the bytes it stands for; the segments go only afterwards, and are
    // read from those bytes on where they stay.
    const sums = storeStates(folder, kept, consumed);
    rotate(folder);
    rmSync(folder.losses, { force: true });
    utimesSync(folder.lossMark, 0, 0);
    dropSnapshots(folder, sums);
    if (isPending(place, kept, isCommitted)) return;
    rmSync(folder.pending, { force: true });
    // An event that came while this was folding has set the mark before its entry: its entry sets it again here.
    if (readJournal(folder, consumed).entries.length > 0)
      writeFileSync(folder.pending, "1\n", { mode: 0o600 });
  } finally {
    rmSync(folder.lock, { force: true });
  }
}

/** Committed as it is and without a past worth keeping: blame knows such a file better. */
function pruned(
  state: WorkingState,
  isCommitted: (path: string, content: string) => boolean,
): WorkingState["paths"] {
  const named = new Set(state.open.flatMap(({ files }) => files.map(({ path }) => path)));
  return new Map(
    [...state.paths].filter(([path, { present, earlier }]) => {
      if (named.has(path) || earlier.length > 0) return true;
      return !isCommitted(path, present.lines.join(""));
    }),
  );
}

function isPending(
  { gitDir }: WorkTreePlace,
  { paths, open }: WorkingState,
  isCommitted: (path: string, content: string) => boolean,
): boolean {
  if (open.length > 0 || hasStash(gitDir)) return true;
  return [...paths].some(
    ([path, { present }]) =>
      present.origins.some(({ kind }) => kind === "ai") && !isCommitted(path, present.lines.join("")),
  );
}

/** What is stashed comes back without any event of an agent. */
function hasStash(gitDir: string): boolean {
  const common = join(gitDir, "commondir");
  const folder = existsSync(common) ? resolve(gitDir, readFileSync(common, "utf8").trim()) : gitDir;
  return existsSync(join(folder, "refs/stash")) || existsSync(join(folder, "logs/refs/stash"));
}

function takeLock({ lock }: RecorderFolder): boolean {
  try {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > STALE_MS) rmSync(lock, { force: true });
    const file = openSync(lock, "wx", 0o600);
    writeSync(file, `${process.pid}\n`);
    closeSync(file);
    return true;
  } catch {
    return false;
  }
}

/** Young ones may belong to an event that is being written at this moment. */
function dropSnapshots({ snapshots }: RecorderFolder, kept: ReadonlySet<string>): void {
  const YOUNG_MS = 60_000;
  for (const group of readdirSync(snapshots)) {
    for (const name of readdirSync(join(snapshots, group))) {
      const path = join(snapshots, group, name);
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (!kept.has(group + name) && age > YOUNG_MS) rmSync(path, { force: true });
    }
  }
}
