// SPDX-License-Identifier: Apache-2.0
// specs/assistance-record.md §4. Generous for real work, small enough that a hostile record cannot exhaust a reader.

/** A record of a million recorded lines. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;
export const MAX_AGENTS = 256;
export const MAX_FILES = 50_000;
/** Over all files. */
export const MAX_RANGES = 500_000;
export const MAX_GAPS = 64;
export const MAX_SOURCES = 4096;
/** Characters. */
export const MAX_NAME = 64;
export const MAX_TEXT = 200;
export const MAX_MESSAGE = 500;
/** Bytes. */
export const MAX_PATH = 4096;
export const MAX_LINE = 10_000_000;

const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Texts end up in terminals, Markdown and trailers: no control characters, nothing that turns the writing direction. */
export function isPrintable(text: string): boolean {
  return !UNPRINTABLE.test(text);
}

/** The text as a record can hold it: what it must not hold becomes `?`, and what is too long ends early. */
export function toPrintable(text: string, limit: number): string {
  const clipped = text.length <= limit ? text : text.slice(0, limit);
  return Array.from(clipped, (character) => (isPrintable(character) ? character : "?")).join("");
}
