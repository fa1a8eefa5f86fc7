// SPDX-License-Identifier: Apache-2.0
import { begunBefore } from "./begun-before.ts";
import type { WorkTreePlace } from "./find-work-tree.ts";
import { readJournal } from "./journal.ts";
import { readWorkingState } from "./read-working-state.ts";
import { recorderFolder } from "./recorder-folder.ts";
import { loadStates } from "./stored-states.ts";
import type { WorkingState } from "./working-state.ts";

/**
 * What was known of the work tree by the calls that had begun when HEAD's log had so many bytes, by these: a commit from then holds nothing
 * that an agent wrote later, however alike. `present` where that is all. Folds once for each state that is another one.
 */
export async function readStatesAt(
  place: WorkTreePlace,
  present: WorkingState,
  lengths: readonly number[],
): Promise<ReadonlyMap<number, WorkingState>> {
  const states = new Map<number, WorkingState>();
  if (lengths.length === 0) return states;
  const folder = recorderFolder(place.gitDir);
  const { state: stored, consumed } = loadStates(folder);
  const { lines } = readJournal(folder, consumed);
  const byCount = new Map<number, WorkingState>([[lines.length, present]]);
  for (const log of new Set(lengths)) {
    const { length } = begunBefore(lines, log, stored.open);
    const state = byCount.get(length) ?? (await readWorkingState(place, undefined, { lines: length }));
    byCount.set(length, state);
    states.set(log, state);
  }
  return states;
}
