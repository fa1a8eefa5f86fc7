// SPDX-License-Identifier: Apache-2.0
import type { Repository } from "@countersign/git";
import { findWorkTree, finishCommits, readActivity } from "@countersign/recorder";

/**
 * Writes the records of commits that were made here and have none yet: those without any AI had no reason to start a program
 * when they were made. Does nothing where `init` never ran.
 */
export async function finishRecording({ workTree }: Repository): Promise<void> {
  const place = workTree === undefined ? undefined : findWorkTree(workTree);
  if (place === undefined || readActivity(place) === undefined) return;
  await finishCommits(place, Math.floor(Date.now() / 1000));
}
