// SPDX-License-Identifier: Apache-2.0

import { isAlive } from "./find-ancestors.ts";
import { foldEntry } from "./fold-entry.ts";
import type { Fold } from "./fold-state.ts";
import { comparePositions, type JournalPosition, type ReadJournal } from "./journal.ts";
import type { JournalEntry, JournalStart } from "./journal-entry.ts";
import type { ReadLosses } from "./losses.ts";
import { expire } from "./open-calls.ts";
import type { SeenGap } from "./working-state.ts";

/** Something that went wrong at a place of the journal; undefined: nobody knows where. */
interface Trouble {
  readonly position: JournalPosition | undefined;
  readonly gap: SeenGap;
}

/** Folds a journal in its own order, with what was lost where it was lost: who wrote the next change is then in doubt. */
export function foldJournal(
  fold: Fold,
  journal: ReadJournal,
  losses: ReadLosses["losses"],
  hasEndedSince: (id: string) => boolean,
): void {
  const lines = journal.lines;
  const ids = new Set(lines.flatMap(({ entry }) => (entry.phase === "start" ? [] : (entry.id ?? []))));
  const finished = { has: (id: string) => ids.has(id), hasSince: hasEndedSince };
  const troubles = findTroubles(journal, losses);
  const nowhere = troubles.filter(({ position }) => position === undefined);
  for (const start of fold.started.splice(0)) beginHook(fold, start, finished);
  raise(fold, nowhere);
  let next = 0;
  const placed = troubles.filter(({ position }) => position !== undefined);
  for (const { entry, position } of lines) {
    while (isBefore(placed[next], position)) raise(fold, [placed[next++] as Trouble]);
    if (entry.phase === "start") beginHook(fold, entry, finished);
    // Lost at an unknown place means lost at every place.
    else {
      if (nowhere.length > 0) fold.doubtAll();
      foldSafely(fold, entry);
    }
  }
  raise(fold, placed.slice(next));
  expire(fold, (call) => call.agentPid > 0 && !isAlive(call.agentPid), lines.at(-1)?.entry.at ?? 0);
}

function findTroubles(journal: ReadJournal, losses: ReadLosses["losses"]): readonly Trouble[] {
  const message = "an entry of the recorder's journal is torn or damaged";
  const at = journal.lines.at(-1)?.entry.at ?? 0;
  const torn = journal.damaged.map((position) => ({
    position,
    gap: { code: "journal-damaged", message, at },
  }));
  const lost = losses.map(({ after, ...gap }) => ({ position: after, gap }));
  return [...torn, ...lost].sort((a, b) =>
    a.position === undefined || b.position === undefined ? 0 : comparePositions(a.position, b.position),
  );
}

function isBefore(trouble: Trouble | undefined, position: JournalPosition): boolean {
  return trouble?.position !== undefined && comparePositions(trouble.position, position) <= 0;
}

function raise(fold: Fold, troubles: readonly Trouble[]): void {
  if (troubles.length === 0) return;
  for (const { gap } of troubles)
    if (!fold.gaps.some(({ code, message }) => code === gap.code && message === gap.message))
      fold.gaps.push(gap);
  fold.doubtAll();
}

interface Finished {
  readonly has: (id: string) => boolean;
  /** By now, and not only when the journal was read. */
  readonly hasSince: (id: string) => boolean;
}

/** So long a hook may take; its process id may belong to another process by then. */
const LONGEST_HOOK_S = 60;

/** A hook that began and is not running any more was killed before it could keep what it saw. */
function beginHook(fold: Fold, start: JournalStart, finished: Finished): void {
  if (finished.has(start.id)) return;
  const age = Math.abs(Date.now() / 1000 - start.at);
  // In this order: a process that is gone has written all that it ever will.
  if ((age < LONGEST_HOOK_S && isAlive(start.pid)) || finished.hasSince(start.id)) {
    fold.started.push(start);
    return;
  }
  const message = `a hook of ${start.tool} was stopped before it could keep what it saw`;
  raise(fold, [{ position: undefined, gap: { code: "hook-killed", message, at: start.at } }]);
}

/** An entry of an odd shape costs itself and nothing else. */
export function foldSafely(fold: Fold, entry: JournalEntry): void {
  try {
    foldEntry(fold, entry);
  } catch {
    const message = "an entry of the recorder's journal is malformed";
    fold.gaps.push({ code: "journal-damaged", message, at: Number(entry.at) || 0 });
    fold.doubtAll();
  }
}
