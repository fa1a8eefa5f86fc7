// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { JournalEntry } from "./journal-entry.ts";
import type { RecorderFolder } from "./recorder-folder.ts";

/** How far each segment was folded, in bytes, by its number. */
export type ConsumedBytes = Readonly<Record<string, number>>;

export interface ReadJournal {
  readonly entries: readonly JournalEntry[];
  /** Lines that are no entry: torn by a kill, or damaged. */
  readonly damaged: number;
  readonly consumed: ConsumedBytes;
}

const SEGMENT = /^(\d{6})\.ndjson$/;

/**
 * One write to a file opened for appending: entries of several agents never mix. Starts with a line end, so that an entry
 * torn by a kill spoils itself only and not its successor.
 */
export function appendEntry(folder: RecorderFolder, entry: JournalEntry): void {
  const [newest = 1] = segments(folder).reverse();
  const file = openSync(join(folder.journal, nameOf(newest)), "a", 0o600);
  try {
    const bytes = Buffer.from(`\n${JSON.stringify(entry)}\n`);
    const written = writeSync(file, bytes);
    if (written !== bytes.length)
      throw new Error(`${written} of ${bytes.length} bytes were written; the disk may be full`);
  } finally {
    closeSync(file);
  }
}

/** Everything after what was consumed, in the order of the journal: never in the order of clocks. */
export function readJournal(folder: RecorderFolder, consumed: ConsumedBytes): ReadJournal {
  const entries: JournalEntry[] = [];
  const now: Record<string, number> = {};
  let damaged = 0;
  for (const number of segments(folder)) {
    const bytes = readFileSync(join(folder.journal, nameOf(number)));
    now[number] = bytes.length;
    for (const line of bytes
      .subarray(consumed[number] ?? 0)
      .toString("utf8")
      .split("\n")) {
      if (line === "") continue;
      const entry = parseEntry(line);
      if (entry === undefined) damaged += 1;
      else entries.push(entry);
    }
  }
  return { entries, damaged, consumed: now };
}

/**
 * Begins a new segment and drops those before the one that was the newest: a writer that opened it before may append to
 * it still, and its consumed length says from where on to read.
 */
export function rotate(folder: RecorderFolder): void {
  const numbers = segments(folder);
  const newest = numbers.at(-1) ?? 1;
  closeSync(openSync(join(folder.journal, nameOf(newest + 1)), "a", 0o600));
  for (const number of numbers)
    if (number < newest) rmSync(join(folder.journal, nameOf(number)), { force: true });
}

function segments(folder: RecorderFolder): number[] {
  let names: string[];
  try {
    names = readdirSync(folder.journal);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function nameOf(segment: number): string {
  return `${String(segment).padStart(6, "0")}.ndjson`;
}

function parseEntry(line: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(line) as JournalEntry;
    return entry.version === 1 && Array.isArray(entry.files) && typeof entry.phase === "string"
      ? entry
      : undefined;
  } catch {
    return undefined;
  }
}
