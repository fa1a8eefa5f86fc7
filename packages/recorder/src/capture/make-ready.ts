// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, lstatSync, readdirSync, renameSync, type Stats } from "node:fs";
import { join } from "node:path";
import { listSegments, startSegment } from "./journal.ts";
import { writeLoss } from "./losses.ts";
import { exists, makeFolders, makeRoot, type RecorderFolder } from "./recorder-folder.ts";
import { loadConsumed } from "./stored-states.ts";

/** Something in the recorder's folder that is not of its kind: a folder or a link in the place of a file, say; or a folder that is closed to us. */
export interface Misplaced {
  /** Below the recorder's folder. */
  readonly name: string;
  /** What was recorded may have been in it. */
  readonly isLoss: boolean;
}

const FILES = [
  "seen.json",
  "pending",
  "settled",
  "active",
  "presence",
  "prepared",
  "flushed.json",
  "recorded",
  "touched",
];
const LOSSY_FILES = ["states.json", "lost.ndjson", "lost.mark"];

/**
 * Makes the folders, and room in them: what stands in the way of our own files is put aside, for it would stop every event to
 * come. File contents stay inside the Git directory in any case: links are put aside too, wherever they lead.
 */
export function makeReady(folder: RecorderFolder): void {
  makeRoot(folder);
  for (const { name, isLoss } of findMisplaced(folder)) {
    const path = join(folder.root, name);
    renameSync(path, `${path}${ASIDE}${Date.now()}-${process.pid}`);
    if (!isLoss) continue;
    lose(folder, `${JSON.stringify(name)} of the recorder was no longer what it had been, and was put aside`);
  }
  makeFolders(folder);
  if (listSegments(folder).length === 0 && exists(folder.states)) restartJournal(folder);
}

/**
 * The journal went away, but not what was folded of it, which says how far each segment was read: a segment of an old number
 * would be taken for read already.
 */
function restartJournal(folder: RecorderFolder): void {
  startSegment(folder, Math.max(0, ...Object.keys(loadConsumed(folder)).map(Number)) + 1);
  lose(folder, "the recorder's journal is gone, and what was in no commit by then with it");
}

function lose(folder: RecorderFolder, message: string): void {
  writeLoss(folder, { code: "recorder-damaged", message, at: Math.floor(Date.now() / 1000) });
}

/** Part of the name of whatever was put aside. */
const ASIDE = ".damaged-";

export function findMisplaced({ root, journal }: RecorderFolder): readonly Misplaced[] {
  const isOther = (name: string, isFolder: boolean): boolean => {
    const stat = lookAt(join(root, name));
    return (
      stat !== undefined && (isFolder ? !stat.isDirectory() || isClosed(join(root, name)) : !stat.isFile())
    );
  };
  const isNoFile = (name: string) => isOther(name, false);
  return [
    ...["journal", "snapshots"].filter((name) => isOther(name, true)).map(toLoss),
    ...(isOther("records", true) ? [{ name: "records", isLoss: false }] : []),
    ...LOSSY_FILES.filter(isNoFile).map(toLoss),
    ...listNames(journal)
      .filter((name) => name.endsWith(".ndjson"))
      .map((name) => join("journal", name))
      .filter(isNoFile)
      .map(toLoss),
    ...FILES.filter(isNoFile).map((name) => ({ name, isLoss: false })),
  ];
}

/** Names of what was put aside, for people. */
export function listAside({ root, journal }: RecorderFolder): readonly string[] {
  const inJournal = listNames(journal).map((name) => join("journal", name));
  return [...listNames(root), ...inJournal].filter((name) => name.includes(ASIDE));
}

/** Undefined also where the recorder's folder is a file: then nothing can be in it. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function isClosed(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return false;
  } catch {
    return true;
  }
}

function toLoss(name: string): Misplaced {
  return { name, isLoss: true };
}

function listNames(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
