// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AttributedText } from "@countersign/core/attribution";
import { placeOf } from "../place-of.ts";
import type { WorkTreePlace } from "./find-work-tree.ts";
import { hasAi, withReplaced } from "./fold-state.ts";
import { rotate } from "./journal.ts";
import { dropElsewhere } from "./losses-elsewhere.ts";
import { makeReady } from "./make-ready.ts";
import { readPending, settle } from "./pending.ts";
import { type ExtraEntries, readWorkingState } from "./read-working-state.ts";
import { type RecorderFolder, recorderFolder } from "./recorder-folder.ts";
import { readContent } from "./snapshot-store.ts";
import { storeStates } from "./stored-states.ts";
import { releaseLock, takeLock } from "./take-lock.ts";
import { keepTouched } from "./touched-paths.ts";
import type { PathState, WorkingState } from "./working-state.ts";

/** No fold takes as long. */
const STALE_MS = 30_000;

export interface CompactOptions {
  /** Whether HEAD has exactly this content at a path. */
  readonly isCommitted: (path: string, content: string) => boolean;
  /** Seconds since the epoch; gaps from before concern nothing that is not committed. By default all stay. */
  readonly keepGapsFrom?: number;
  /** What commits have replaced in known files, as HEAD had it: a revert brings it back, and nobody types it. */
  readonly replaced?: ReadonlyMap<string, AttributedText>;
}

/**
 * After a commit: folds the journal into the states file and says whether anything is pending still. Another process that is
 * at it already does the same work, so this one leaves it to that.
 */
export async function compact(
  place: WorkTreePlace,
  extra: ExtraEntries,
  { isCommitted, keepGapsFrom = 0, replaced = new Map() }: CompactOptions,
): Promise<void> {
  const folder = recorderFolder(place.gitDir);
  // In a linked work tree in which no agent was ever at work, Git's hooks made no more than the folder itself.
  makeReady(folder);
  if (takeLock(folder.lock, STALE_MS) !== "taken") return;
  try {
    const word = readPending(folder);
    const { consumed, consumedLosses, ...state } = await readWorkingState(place, extra);
    const gaps = state.gaps.filter(({ at }) => at >= keepGapsFrom);
    const kept = { ...state, paths: pruned(state, isCommitted, replaced), gaps };
    // Crash argument: the states file appears whole, with the bytes it stands for; the segments go only afterwards, and are
    // read from those bytes on where they stay.
    const sums = storeStates(folder, { state: kept, consumed, consumedLosses });
    rotate(folder);
    if ((consumedLosses.elsewhere ?? 0) > 0) dropElsewhere(folder);
    dropSnapshots(folder, sums);
    keepTouched(folder, [...kept.paths.keys()]);
    const isDone = !isPending(place, kept, isCommitted) && isAsSeen(place, kept);
    if (word !== undefined && isDone) settle(folder, word);
  } finally {
    releaseLock(folder.lock);
  }
}

/** Committed as it is and without a past worth keeping: blame knows such a file better. */
function pruned(
  state: WorkingState,
  isCommitted: CompactOptions["isCommitted"],
  replaced: NonNullable<CompactOptions["replaced"]>,
): WorkingState["paths"] {
  const named = new Set(state.open.flatMap(({ files }) => files.map(({ path }) => path)));
  const kept: [string, PathState][] = [];
  for (const [path, known] of state.paths) {
    const isDone = isCommitted(path, known.present.lines.join(""));
    if (isDone && !named.has(path) && !known.earlier.some(hasAi)) continue;
    const whole = withReplaced(known, replaced.get(path));
    const { formerly: _, ...committed } = whole;
    kept.push([path, isDone ? { ...committed, touched: [] } : whole]);
  }
  return new Map(kept);
}

/** Whether lines of an AI, or what an agent took away, may come into a commit without another event of an agent. */
export function isPending(
  { gitDir }: WorkTreePlace,
  { paths, open }: WorkingState,
  isCommitted: (path: string, content: string) => boolean,
): boolean {
  if (open.length > 0 || mayUnstash(gitDir, paths)) return true;
  return [...paths].some(
    ([path, { present, touched }]) =>
      (hasAi(present) || touched.length > 0) && !isCommitted(path, present.lines.join("")),
  );
}

/**
 * Whether files with an AI's past still hold what they held when they were seen last. A stash may have come back since, and its ref
 * be gone already: what it brought has yet to be seen.
 */
function isAsSeen({ workTree }: WorkTreePlace, { paths }: WorkingState): boolean {
  return [...paths].every(([path, { sum, present, earlier }]) => {
    if (!earlier.some(hasAi)) return true;
    const content = readContent(placeOf(workTree, path));
    if (content === null || typeof content === "string") return content !== null || sum === null;
    return Buffer.from(content).toString("latin1") === present.lines.join("");
  });
}

/** What is stashed comes back without any event of an agent; a stash older than all that is known holds nothing of it. */
function mayUnstash(gitDir: string, paths: WorkingState["paths"]): boolean {
  const common = join(gitDir, "commondir");
  const folder = existsSync(common) ? resolve(gitDir, readFileSync(common, "utf8").trim()) : gitDir;
  const stash = statSync(join(folder, "refs/stash"), { throwIfNoEntry: false });
  // An autostash is no ref; it comes back when the rebase ends.
  if (
    existsSync(join(gitDir, "rebase-merge/autostash")) ||
    existsSync(join(gitDir, "rebase-apply/autostash"))
  )
    return true;
  const past = [...paths.values()].filter(({ earlier }) => earlier.some(hasAi));
  return stash !== undefined && past.some(({ at }) => at <= stash.mtimeMs / 1000 + CLOCK_SLACK_S);
}

/** An observation after the stash still knows what stood there before it. */
const CLOCK_SLACK_S = 24 * 3600;

/** Young ones may belong to an event that is being written at this moment. */
function dropSnapshots({ snapshots }: RecorderFolder, kept: ReadonlySet<string>): void {
  const YOUNG_MS = 600_000;
  for (const group of listNames(snapshots)) {
    for (const name of listNames(join(snapshots, group))) {
      const path = join(snapshots, group, name);
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (!kept.has(group + name) && age > YOUNG_MS) rmSync(path, { force: true });
    }
  }
}

/** What cannot be listed stays: nothing but room is lost by it. */
function listNames(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
