// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Repository } from "@countersign/git";
import { changedAt } from "../capture/own-file.ts";
import { readWorkingState } from "../capture/read-working-state.ts";
import { exists, recorderFolder } from "../capture/recorder-folder.ts";
import type { WorkingState } from "../capture/working-state.ts";

/** Work trees that are looked into, those of the latest events first. */
const MOST_SIBLINGS = 16;

/** What the recorders of a repository's other work trees know; what one cannot tell is not known here either. */
export async function readSiblingStates(repo: Repository): Promise<readonly WorkingState[]> {
  const { gitDir, commonDir, workTree } = repo;
  if (workTree === undefined) return [];
  const linked = join(commonDir, "worktrees");
  const all = [commonDir, ...listNames(linked).map((name) => join(linked, name))];
  const siblings = all.filter((folder) => folder !== gitDir && exists(recorderFolder(folder).pending));
  const latest = siblings.toSorted((a, b) => lastEvent(b) - lastEvent(a)).slice(0, MOST_SIBLINGS);
  const states: WorkingState[] = [];
  for (const folder of latest) {
    try {
      // Its folder may be gone; only objects are read there, and those are the same everywhere.
      states.push(await readWorkingState({ gitDir: folder, workTree }, undefined, { repository: repo }));
    } catch {
      // Damaged, or taken away at this moment: that work tree's own `doctor` says so.
    }
  }
  return states;
}

function lastEvent(gitDir: string): number {
  return changedAt(recorderFolder(gitDir).pending);
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
