// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, utimesSync } from "node:fs";
import { type JournalPosition, journalEnd } from "./journal.ts";
import { appendElsewhere, lossesElsewhere } from "./losses-elsewhere.ts";
import { changedAt, readOwnFile } from "./own-file.ts";
import { makeRoot, type RecorderFolder } from "./recorder-folder.ts";

/** Something that the recorder should have seen and could not keep. */
export interface Loss {
  readonly code: string;
  readonly message: string;
  /** Seconds since the epoch. */
  readonly at: number;
}

/** How much of the losses a fold has taken in: bytes of the files, here and elsewhere, and the time of the mark. */
export interface ConsumedLosses {
  readonly bytes: number;
  readonly mark: number;
  readonly elsewhere?: number;
}

export interface ReadLosses {
  /** In the order in which they were written; `after` is the end of the journal then, undefined where nobody knows. */
  readonly losses: readonly (Loss & { readonly after?: JournalPosition })[];
  readonly consumed: ConsumedLosses;
}

/**
 * Writes a loss down; on a full disk at least its time, which takes no room; where nothing in the Git directory can be changed,
 * elsewhere. False where it could be kept nowhere. Never throws: the agent must go on.
 */
export function writeLoss(folder: RecorderFolder, loss: Loss): boolean {
  const line = `\n${JSON.stringify({ ...loss, after: endOf(folder) })}\n`;
  return appendLoss(folder, line) || markLoss(folder, loss.at) || appendElsewhere(folder, line);
}

/** Undefined where the journal cannot even be looked at: then the loss may be anywhere in it. */
function endOf(folder: RecorderFolder): JournalPosition | undefined {
  try {
    return journalEnd(folder);
  } catch {
    return undefined;
  }
}

function appendLoss(folder: RecorderFolder, line: string): boolean {
  try {
    makeRoot(folder);
    appendFileSync(folder.losses, line, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

function markLoss({ lossMark }: RecorderFolder, at: number): boolean {
  try {
    utimesSync(lossMark, at, at);
    return true;
  } catch {
    return false;
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
  const here = readFrom(folder.losses, consumed.bytes);
  const away = readFrom(lossesElsewhere(folder), consumed.elsewhere ?? 0);
  const losses = parseLosses(`${here.text}\n${away.text}`);
  const mark = changedAt(folder.lossMark);
  const now = { bytes: here.length, mark, elsewhere: away.length };
  if (mark === 0 || mark === consumed.mark) return { losses, consumed: now };
  const message = "something could not be recorded and not even be written down; the disk may have been full";
  return { losses: [...losses, { code: "recording-failed", message, at: mark }], consumed: now };
}

/** From where it was read up to; a file that is shorter by now is another one. */
function readFrom(path: string, start: number): { readonly text: string; readonly length: number } {
  try {
    const bytes = readOwnFile(path) ?? Buffer.alloc(0);
    return { text: bytes.toString("utf8", start > bytes.length ? 0 : start), length: bytes.length };
  } catch {
    const at = changedAt(path);
    const message = "what was written down of losses cannot be read";
    return { text: JSON.stringify({ code: "recording-failed", message, at }), length: 0 };
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
