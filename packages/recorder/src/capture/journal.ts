// SPDX-License-Identifier: Apache-2.0
import { closeSync, fstatSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { JournalEntry, JournalStart } from "./journal-entry.ts";
import { readOwnFile } from "./own-file.ts";
import type { RecorderFolder } from "./recorder-folder.ts";

/** How far each segment was folded, in bytes, by its number. */
export type ConsumedBytes = Readonly<Record<string, number>>;

/** A place between two lines of the journal. */
export interface JournalPosition {
  readonly segment: number;
  readonly bytes: number;
}

export interface JournalLine {
  readonly entry: JournalEntry | JournalStart;
  /** Where it begins. */
  readonly position: JournalPosition;
}

export interface ReadJournal {
  readonly lines: readonly JournalLine[];
  /** Places of lines that are no entry: torn by a kill, or damaged. */
  readonly damaged: readonly JournalPosition[];
  readonly consumed: ConsumedBytes;
}

const SEGMENT = /^(\d{6})\.ndjson$/;
const MOST_TRIES = 3;

/**
 * One write to a file opened for appending: entries of several agents never mix. Starts with a line end, so that an entry
 * torn by a kill spoils itself only and not its successor. Throws where it could not be written whole.
 */
export function appendEntry(folder: RecorderFolder, entry: JournalEntry | JournalStart): void {
  const bytes = Buffer.from(`\n${JSON.stringify(entry)}\n`);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const [newest = 1] = listSegments(folder).reverse();
    const file = openSync(join(folder.journal, nameOf(newest)), "a", 0o600);
    try {
      const written = writeSync(file, bytes);
      if (written !== bytes.length)
        throw new Error("an entry was written in part only; the disk may be full");
      // A segment that was folded away between our opening and our writing took the entry with it.
      if (fstatSync(file).nlink > 0) return;
    } finally {
      closeSync(file);
    }
  }
  throw new Error("the journal went away under the entry");
}

/** Everything after what was consumed, in the order of the journal: never in the order of clocks. */
export function readJournal(folder: RecorderFolder, consumed: ConsumedBytes): ReadJournal {
  const lines: JournalLine[] = [];
  const damaged: JournalPosition[] = [];
  const now: Record<string, number> = {};
  for (const segment of listReadable(folder)) {
    const bytes = readSegment(folder, segment);
    if (bytes === undefined) {
      damaged.push({ segment, bytes: 0 });
      continue;
    }
    const start = consumed[segment] ?? 0;
    if (start > bytes.length) damaged.push({ segment, bytes: bytes.length });
    for (let at = start; at < bytes.length; ) {
      const end = bytes.indexOf(LINE_FEED, at);
      const line = bytes.toString("utf8", at, end < 0 ? bytes.length : end);
      const position = { segment, bytes: at };
      const entry = line === "" ? undefined : parseEntry(line);
      // A last line without its end may be in the middle of being written.
      if (end < 0 && entry === undefined && isYoung(folder, segment)) break;
      if (entry !== undefined) lines.push({ entry, position });
      else if (line !== "") damaged.push(position);
      at = end < 0 ? bytes.length : end + 1;
      now[segment] = at;
    }
    now[segment] ??= Math.min(start, bytes.length);
  }
  return { lines, damaged, consumed: now };
}

/** A journal that cannot even be listed is one damaged segment. */
function listReadable(folder: RecorderFolder): readonly number[] {
  try {
    return listSegments(folder);
  } catch {
    return [1];
  }
}

const LINE_FEED = 0x0a;
const YOUNG_MS = 2000;

function isYoung(folder: RecorderFolder, segment: number): boolean {
  const stat = statSync(join(folder.journal, nameOf(segment)), { throwIfNoEntry: false });
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) < YOUNG_MS;
}

/** The end of the journal as it is now. */
export function journalEnd(folder: RecorderFolder): JournalPosition {
  const segment = listSegments(folder).at(-1) ?? 1;
  const stat = statSync(join(folder.journal, nameOf(segment)), { throwIfNoEntry: false });
  return { segment, bytes: stat?.size ?? 0 };
}

/** The place from which a journal that had grown at least to here is gone; undefined where it is all there. */
export function findCut(
  folder: RecorderFolder,
  { segment, bytes }: JournalPosition,
): JournalPosition | undefined {
  if (bytes === 0) return undefined;
  const segments = listReadable(folder);
  if (!segments.includes(segment))
    // Folded away since then, once a later one was begun.
    return segments.some((number) => number > segment) ? undefined : { segment, bytes: 0 };
  const size = statSync(join(folder.journal, nameOf(segment)), { throwIfNoEntry: false })?.size ?? bytes;
  return size < bytes ? { segment, bytes: size } : undefined;
}

export function comparePositions(a: JournalPosition, b: JournalPosition): number {
  return a.segment - b.segment || a.bytes - b.bytes;
}

/**
 * Begins a new segment and drops those before the one that was the newest: a writer that opened it before may append to
 * it still, and its consumed length says from where on to read.
 */
export function rotate(folder: RecorderFolder): void {
  const numbers = listSegments(folder);
  const newest = numbers.at(-1) ?? 1;
  startSegment(folder, newest + 1);
  for (const number of numbers)
    if (number < newest) rmSync(join(folder.journal, nameOf(number)), { force: true });
}

export function startSegment(folder: RecorderFolder, number: number): void {
  closeSync(openSync(join(folder.journal, nameOf(number)), "a", 0o600));
}

/** Numbers of the segments, oldest first. */
export function listSegments(folder: RecorderFolder): number[] {
  let names: string[];
  try {
    names = readdirSync(folder.journal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Empty where somebody has folded it away since it was listed, undefined where it cannot be read. */
export function readSegment(folder: RecorderFolder, segment: number): Buffer | undefined {
  try {
    return readOwnFile(join(folder.journal, nameOf(segment))) ?? Buffer.alloc(0);
  } catch {
    return undefined;
  }
}

function nameOf(segment: number): string {
  return `${String(segment).padStart(6, "0")}.ndjson`;
}

export function parseEntry(line: string): JournalEntry | JournalStart | undefined {
  try {
    const entry = JSON.parse(line) as JournalEntry | JournalStart;
    if (entry.version !== 1) return undefined;
    if (entry.phase === "start") return typeof entry.id === "string" ? entry : undefined;
    const isWhole =
      Array.isArray(entry.files) && Array.isArray(entry.gaps) && typeof entry.phase === "string";
    return isWhole ? entry : undefined;
  } catch {
    return undefined;
  }
}
