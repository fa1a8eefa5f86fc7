// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Presence } from "./presence.ts";

/** A rebase that Git has not finished in this work tree. */
export interface OpenRebase {
  /** Rows `OLD NEW`, as far as Git knows yet what it made from what; it tells the hook all of them at the end. */
  readonly rewritten: readonly string[];
}

/** By each of its two ways of rebasing, Git keeps a folder and in it that list. */
const FOLDERS = [
  ["rebase-merge", "rewritten-list"],
  ["rebase-apply", "rewritten"],
] as const;

/**
 * A conflict may take somebody hours, and what was recorded meanwhile would be so for good. One of which nothing changed for a day was
 * forgotten, and must not keep everything from being recorded. By the clock of the file system: the times in HEAD's
 * log are what committers say.
 */
const LONGEST_MS = 24 * 3600 * 1000;

/** Undefined where none is open. A few calls of stat(2) and no process; never throws for what it finds. */
export function readOpenRebase(gitDir: string): OpenRebase | undefined {
  for (const [folder, list] of FOLDERS) {
    const path = join(gitDir, folder);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (changed === undefined || Math.abs(Date.now() - changed) > LONGEST_MS) continue;
    return { rewritten: readRows(join(path, list)) };
  }
  return undefined;
}

/** Whether the hook has been told all, and so nothing more is to come: Git tells it right before it takes its folder away. */
export function isToldWhole({ rewritten }: OpenRebase, presence: readonly Presence[]): boolean {
  const told = new Set(
    presence.flatMap((line) => (line.kind === "rewritten" ? [`${line.from} ${line.to}`] : [])),
  );
  return rewritten.length > 0 && rewritten.every((row) => told.has(row));
}

function readRows(path: string): readonly string[] {
  try {
    return readFileSync(path, "latin1")
      .split("\n")
      .filter((row) => row !== "");
  } catch {
    return [];
  }
}
