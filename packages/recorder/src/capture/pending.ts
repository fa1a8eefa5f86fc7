// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, openSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { type JournalPosition, journalEnd } from "./journal.ts";
import { readOwnFile } from "./own-file.ts";
import type { RecorderFolder } from "./recorder-folder.ts";

/**
 * Says that something may be in no commit yet. Written anew before an event is kept and after it: whoever settles in between
 * has either seen the event, or finds another word than the one that it read. The words are of one length and written over
 * one another: no kill leaves the file empty, which would read as nothing pending, and a full disk has room for it.
 */
export function markPending(folder: RecorderFolder): void {
  const { segment, bytes } = endOf(folder);
  const parts = [pad(process.hrtime.bigint(), 20), pad(process.pid, 10), pad(segment, 6), pad(bytes, 12)];
  const word = `${parts.join("-")}\n`;
  const mode = constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const file = openSync(folder.pending, mode, 0o600);
  try {
    if (writeSync(file, word, 0) !== word.length) throw new Error("the mark was written in part only");
  } finally {
    closeSync(file);
  }
}

/** Whatever is wrong with the journal, that something is pending must be said. */
function endOf(folder: RecorderFolder): JournalPosition {
  try {
    return journalEnd(folder);
  } catch {
    return { segment: 0, bytes: 0 };
  }
}

function pad(value: number | bigint, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** Where the journal ended at least; undefined where nothing is pending, or the word is of a time when none said so. */
export function readPendingEnd(folder: RecorderFolder): JournalPosition | undefined {
  const [, segment, bytes] = /^\d+-\d+-(\d{6})-(\d{12})$/.exec(readPending(folder) ?? "") ?? [];
  return segment === undefined ? undefined : { segment: Number(segment), bytes: Number(bytes) };
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
    return readOwnFile(path)?.toString("latin1").split("\n", 1)[0] ?? "";
  } catch {
    return "";
  }
}
