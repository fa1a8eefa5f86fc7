// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, readFileSync, statSync, utimesSync } from "node:fs";
import { type JournalPosition, journalEnd } from "./journal.ts";
import { makeRoot, type RecorderFolder } from "./recorder-folder.ts";

/** Something that the recorder should have seen and could not keep. */
export interface Loss {
  readonly code: string;
  readonly message: string;
  /** Seconds since the epoch. */
  readonly at: number;
}

/** How much of the losses a fold has taken in: bytes of the file, and the time of the mark. */
export interface ConsumedLosses {
  readonly bytes: number;
  readonly mark: number;
}

export interface ReadLosses {
  /** In the order in which they were written; `after` is the end of the journal then, undefined where nobody knows. */
  readonly losses: readonly (Loss & { readonly after?: JournalPosition })[];
  readonly consumed: ConsumedLosses;
}

/** Writes a loss down; on a full disk at least its time, which takes no room. Never throws: the agent must go on. */
export function writeLoss(folder: RecorderFolder, loss: Loss): void {
  try {
    makeRoot(folder);
    const line = `\n${JSON.stringify({ ...loss, after: journalEnd(folder) })}\n`;
    appendFileSync(folder.losses, line, { mode: 0o600 });
  } catch {
    markLoss(folder, loss.at);
  }
}

function markLoss({ lossMark }: RecorderFolder, at: number): void {
  try {
    utimesSync(lossMark, at, at);
  } catch {
    // A read-only file system: nothing there changes, so nothing is committed from it either.
  }
}

/** All losses that are still written down, for people. */
export function readLosses(folder: RecorderFolder): readonly Loss[] {
  return readNewLosses(folder, { bytes: 0, mark: 0 }).losses.map(({ code, message, at }) => ({
    code,
    message,
    at,
  }));
}

export function readNewLosses(folder: RecorderFolder, consumed: ConsumedLosses): ReadLosses {
  const bytes = readBytes(folder.losses);
  const start = consumed.bytes > bytes.length ? 0 : consumed.bytes;
  const losses = parseLosses(bytes.toString("utf8", start));
  const mark = Math.floor((statSync(folder.lossMark, { throwIfNoEntry: false })?.mtimeMs ?? 0) / 1000);
  const now = { bytes: bytes.length, mark };
  if (mark === 0 || mark === consumed.mark) return { losses, consumed: now };
  const message = "something could not be recorded and not even be written down; the disk may have been full";
  return { losses: [...losses, { code: "recording-failed", message, at: mark }], consumed: now };
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

function parseLosses(text: string): ReadLosses["losses"] {
  return text.split("\n").flatMap((line) => {
    if (line === "") return [];
    try {
      const { code, message, at, after } = JSON.parse(line) as ReadLosses["losses"][number];
      const loss = { code: String(code), message: String(message), at: Number(at) };
      return [isPosition(after) ? { ...loss, after } : loss];
    } catch {
      return [{ code: "recording-failed", message: "a loss was written down in part only", at: 0 }];
    }
  });
}

function isPosition(position: JournalPosition | undefined): position is JournalPosition {
  return Number.isSafeInteger(position?.segment) && Number.isSafeInteger(position?.bytes);
}
