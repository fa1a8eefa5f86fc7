// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RawText } from "../ids/index.ts";
import type { Assistance, CommitState, Warning } from "../trailers/assistance.ts";
import { displayText } from "./display-text.ts";
import { shortId } from "./report-words.ts";
import { formatSafeJsonLine } from "./safe-json.ts";
import { fitText } from "./text-layout.ts";

/** What `scan` says of one commit (specs/scan-record.schema.json). */
export interface ScanRecord {
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly title: RawText;
  /** RFC 3339 UTC, as the commit claims; null where the claim is no date between the years 0 and 9999. */
  readonly authoredAt: string | null;
  readonly committedAt: string | null;
  readonly state: CommitState;
  readonly assistance: readonly Assistance[];
  /** Of our recorder over the change; null where it has no record of the commit. */
  readonly coverage: "whole" | "partial" | null;
  readonly warnings: readonly Warning[];
}

/**
 * One line of NDJSON, keys in the documented order. Ids, times, states and coverage are words of our own making that need no escape, and of
 * a hundred thousand commits most have nothing else but a title: put together, that takes half as long as JSON.stringify of the whole.
 */
export function formatScanRecord(record: ScanRecord): string {
  const { commit, tree, parents, title, authoredAt, committedAt, state, coverage } = record;
  const ids = `"commit":"${commit}","tree":"${tree}","parents":${formatWords(parents)}`;
  const times = `"authoredAt":${formatWord(authoredAt)},"committedAt":${formatWord(committedAt)}`;
  const assistance = formatList(record.assistance);
  const rest = `"coverage":${formatWord(coverage)},"warnings":${formatList(record.warnings)}`;
  return `{${ids},"title":${formatSafeJsonLine(title)},${times},"state":"${state}","assistance":${assistance},${rest}}\n`;
}

const formatWord = (word: string | null): string => (word === null ? "null" : `"${word}"`);
const formatWords = (words: readonly string[]): string =>
  words.length === 0 ? "[]" : `["${words.join('","')}"]`;
const formatList = (items: readonly object[]): string =>
  items.length === 0 ? "[]" : formatSafeJsonLine(items);

/** Seconds since the epoch as RFC 3339 UTC, or null: a commit may claim the year 292,277,026,596. */
export function toClaimedTime(seconds: number): string | null {
  if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) return null;
  const day = Math.floor(seconds / DAY);
  const rest = Math.floor(seconds) - day * DAY;
  return `${recallDate(day)}${MINUTES[Math.floor(rest / 60)]}${TWO_DIGITS[rest % 60]}Z`;
}

const DAY = 86_400;
/** The years 0000 to 9999, which RFC 3339 can write. */
const FIRST_SECOND = -62_167_219_200;
const LAST_SECOND = 253_402_300_799;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => `${number}`.padStart(2, "0"));

/** `T23:59:` of every minute of a day. */
const MINUTES = Array.from(
  { length: 1440 },
  (_, minute) => `T${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:`,
);

const dates = new Map<number, string>();
const DATE_LIMIT = 4096;

/** Neighbours in history were written on the same few days. Emptied when full, so that it cannot grow with history. */
function recallDate(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  if (dates.size >= DATE_LIMIT) dates.clear();
  const date = dateOf(day);
  dates.set(day, date);
  return date;
}

/** Proleptic Gregorian date of a day since the epoch (Hinnant's civil_from_days): a Date per commit costs more than its JSON. */
function dateOf(day: number): string {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const dayOfMonth = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return `${`${year}`.padStart(4, "0")}-${TWO_DIGITS[month]}-${TWO_DIGITS[dayOfMonth]}`;
}

/** One line of the table: id, day, state, tools, title, within `width` columns; `paint` marks the state. */
export function formatScanRow(
  record: ScanRecord,
  width: number,
  paint: (text: string) => string = (text) => text,
): string {
  const tools = record.assistance.map(({ tool, model }) => (model === null ? tool : `${tool}/${model}`));
  const before = `${shortId(record.commit)}  ${(record.committedAt ?? "no date").slice(0, 10).padEnd(10)}`;
  const named = fitText(displayText([...new Set(tools)].join(", ") || "-", 200), TOOLS_WIDTH);
  const room = Math.max(10, width - FIXED_WIDTH);
  const warned = record.warnings.length > 0 ? "! " : "";
  const title = fitText(`${warned}${displayText(record.title, 400)}`, room).trimEnd();
  return `${before}  ${paint(record.state.padEnd(STATE_WIDTH))}  ${named}  ${title}`.trimEnd();
}

const STATE_WIDTH = 9;
const TOOLS_WIDTH = 28;
const FIXED_WIDTH = 12 + 2 + 10 + 2 + STATE_WIDTH + 2 + TOOLS_WIDTH + 2;
