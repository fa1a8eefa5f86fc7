// SPDX-License-Identifier: Apache-2.0
import { renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOwnFile } from "../capture/own-file.ts";
import { commitFiles } from "./commit-files.ts";

/** How far commits were made into records: bytes of the presence file and of HEAD's log. */
export interface FlushMark {
  readonly presence: number;
  readonly headLog: number;
  /** The last word of the hooks was that content is being brought: the commit that it concerns is still being made. */
  readonly isBrought?: boolean;
}

/** Undefined where nothing was flushed yet, or the mark is damaged: then everything is looked at again. */
export function readFlushMark(gitDir: string): FlushMark | undefined {
  try {
    const mark = JSON.parse(String(readOwnFile(commitFiles(gitDir).flushed))) as FlushMark;
    const { presence, headLog, isBrought } = mark;
    return Number.isSafeInteger(presence) && Number.isSafeInteger(headLog)
      ? { presence, headLog, isBrought: isBrought === true }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Crash argument: written after the records are; a crash before it makes the same records once more. */
export function writeFlushMark(gitDir: string, mark: FlushMark): void {
  const { flushed } = commitFiles(gitDir);
  const draft = `${flushed}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(mark), { mode: 0o600 });
  renameSync(draft, flushed);
}

/** Sizes as they are now, at the price of two calls of stat(2). */
export function measure(gitDir: string): FlushMark {
  return { presence: sizeOf(commitFiles(gitDir).presence), headLog: sizeOf(join(gitDir, "logs", "HEAD")) };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
