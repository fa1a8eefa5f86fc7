// SPDX-License-Identifier: Apache-2.0
import { readStatus } from "@countersign/git";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import { makeReady } from "../capture/make-ready.ts";
import { recorderFolder } from "../capture/recorder-folder.ts";
import { readOwnActive, writeActive } from "./active.ts";
import { measure, writeFlushMark } from "./flush-mark.ts";

/**
 * Says that the recorder is here from now on, and what differs from HEAD already: nobody saw that being written. An earlier
 * word is kept.
 */
export async function beginRecording(place: WorkTreePlace, now: number): Promise<void> {
  const folder = recorderFolder(place.gitDir);
  makeReady(folder);
  if (isRecording(place)) return;
  const dirty = (await readStatus(place)).map(({ path }) => path);
  const mark = measure(place.gitDir);
  writeActive(place.gitDir, { at: now, dirty, headLog: mark.headLog });
  // What HEAD did before is nothing that was seen here.
  writeFlushMark(place.gitDir, mark);
}

/** Whether a recorder was set up in this very work tree. */
export function isRecording({ gitDir }: WorkTreePlace): boolean {
  return readOwnActive(gitDir) !== undefined;
}
