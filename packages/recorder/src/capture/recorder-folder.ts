// SPDX-License-Identifier: Apache-2.0
import { closeSync, lstatSync, mkdirSync, openSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where one work tree's recorder keeps what it saw; inside the Git directory and nowhere else. */
export interface RecorderFolder {
  readonly root: string;
  readonly journal: string;
  readonly snapshots: string;
  /** What the last look at the whole work tree found, to save reading files again that have not changed since. */
  readonly seen: string;
  /** Folded states; replaces the journal segments that it names. */
  readonly states: string;
  /** Holds another word after every event that may have left something in no commit yet. */
  readonly pending: string;
  /** The word of `pending` after which nothing was left; while the two agree, a commit hook starts no program. */
  readonly settled: string;
  /** Paths of which something is known, one a line; see touched-paths.ts. */
  readonly touched: string;
  readonly losses: string;
  /** Its time says when something could not even be written down; needs no room on the disk. */
  readonly lossMark: string;
  readonly lock: string;
  /** Written by `init`: since when the recorder is here. */
  readonly active: string;
  /** Commits that the Git hook saw, one id or ref a line. */
  readonly presence: string;
}

export function recorderFolder(gitDir: string): RecorderFolder {
  const root = join(gitDir, "countersign", "recorder");
  return {
    root,
    journal: join(root, "journal"),
    snapshots: join(root, "snapshots"),
    seen: join(root, "seen.json"),
    states: join(root, "states.json"),
    pending: join(root, "pending"),
    settled: join(root, "settled"),
    touched: join(root, "touched"),
    losses: join(root, "lost.ndjson"),
    lossMark: join(root, "lost.mark"),
    lock: join(root, "lock"),
    active: join(root, "active"),
    presence: join(root, "presence"),
  };
}

/**
 * Makes the folders, readable by their owner only: they hold file contents. Throws where one of them is a symbolic link: file
 * contents stay inside the Git directory, whatever somebody has put there.
 */
export function makeFolders(folder: RecorderFolder): void {
  makeRoot(folder);
  makeFolder(folder.journal);
  makeFolder(folder.snapshots);
  if (exists(folder.lossMark)) return;
  closeSync(openSync(folder.lossMark, "a", 0o600));
  utimesSync(folder.lossMark, 0, 0);
}

export function makeRoot({ root }: RecorderFolder): void {
  makeFolder(dirname(root));
  makeFolder(root);
}

function makeFolder(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) mkdirSync(path, { recursive: true, mode: 0o700 });
  else if (!stat.isDirectory()) throw new Error("a folder of the recorder is no folder");
}

export function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
