// SPDX-License-Identifier: Apache-2.0
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { RecorderFolder } from "./recorder-folder.ts";

/**
 * Says that something may be in no commit yet. Written anew before an event is kept and after it: whoever settles in between
 * has either seen the event, or finds another word than the one that it read.
 */
export function markPending({ pending }: RecorderFolder): void {
  writeFileSync(pending, `${process.hrtime.bigint()}-${process.pid}\n`, { mode: 0o600 });
}

/** The word to settle, to be read before the journal is; undefined where nothing is pending. */
export function readPending(folder: RecorderFolder): string | undefined {
  const word = readWord(folder.pending);
  return word === "" || word === readWord(folder.settled) ? undefined : word;
}

/** Nothing is left of what had happened when this word was read. Events since then have another word, and stay pending. */
export function settle({ settled }: RecorderFolder, word: string): void {
  const draft = `${settled}.${process.pid}`;
  writeFileSync(draft, `${word}\n`, { mode: 0o600 });
  renameSync(draft, settled);
}

function readWord(path: string): string {
  try {
    return readFileSync(path, "latin1").split("\n", 1)[0] ?? "";
  } catch {
    return "";
  }
}
