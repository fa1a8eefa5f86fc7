// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, readFileSync, statSync, utimesSync } from "node:fs";
import { makeFolders, type RecorderFolder } from "./recorder-folder.ts";

/** Something that the recorder should have seen and could not keep. */
export interface Loss {
  readonly code: string;
  readonly message: string;
  /** Seconds since the epoch. */
  readonly at: number;
}

/** Writes a loss down; on a full disk at least its time, which takes no room. Never throws: the agent must go on. */
export function writeLoss(folder: RecorderFolder, loss: Loss): void {
  try {
    makeFolders(folder);
  } catch {
    // What cannot be made cannot be marked either; nothing can be committed there.
  }
  try {
    utimesSync(folder.lossMark, loss.at, loss.at);
  } catch {
    // The line below may still get through.
  }
  try {
    appendFileSync(folder.losses, `\n${JSON.stringify(loss)}\n`, { mode: 0o600 });
  } catch {
    // The mark's time stands for it.
  }
}

export function readLosses(folder: RecorderFolder): readonly Loss[] {
  const losses = readLines(folder.losses);
  const marked = Math.floor((statSync(folder.lossMark, { throwIfNoEntry: false })?.mtimeMs ?? 0) / 1000);
  if (marked === 0 || losses.some(({ at }) => at >= marked)) return losses;
  const message = "something could not be recorded and not even be written down; the disk may have been full";
  return [...losses, { code: "recording-failed", message, at: marked }];
}

function readLines(path: string): readonly Loss[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    if (line === "") return [];
    try {
      const { code, message, at } = JSON.parse(line) as Loss;
      return [{ code: String(code), message: String(message), at: Number(at) }];
    } catch {
      return [{ code: "recording-failed", message: "a loss was written down in part only", at: 0 }];
    }
  });
}
