// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, Signature } from "@countersign/core/ids";
import { recallIdentity } from "./recall-identity.ts";
import type { CommitAnomaly, CommitRecord } from "./types.ts";

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const CLOSE = 0x3e;
/** ` 1234567890 +0100`: every date from 2001 to 2286. */
const DATE_LENGTH = 17;
const MAX_OFFSET = 24 * 60;
const NO_ANOMALIES: readonly CommitAnomaly[] = [];
/** Headers that say nothing of what a record holds; each may go on over lines that begin with a blank. */
const PASSED_OVER = ["gpgsig ", "mergetag ", "gpgsig-sha256 "] as const;

/**
 * The record of a commit that is written exactly as Git writes commits, which all but a few in 100,000 are: the very
 * one that `parseCommit` makes of it, several times as fast. Undefined where anything is unlike that (an unknown or
 * repeated header, an `encoding`, a strange date), which says nothing. `text` is the commit's content, decoded from
 * UTF-8 without loss, and holds no NUL.
 */
export function parsePlainCommit(text: string, id: ObjectId): CommitRecord | undefined {
  if (!text.startsWith("tree ")) return undefined;
  let at = text.indexOf("\n") + 1;
  const tree = text.slice("tree ".length, at - 1);
  const parents: ObjectId[] = [];
  while (at > 0 && text.startsWith("parent ", at)) {
    const next = text.indexOf("\n", at) + 1;
    parents.push(text.slice(at + "parent ".length, next - 1));
    at = next;
  }
  if (at === 0 || !text.startsWith("author ", at)) return undefined;
  const authorEnd = text.indexOf("\n", at);
  const committerAt = authorEnd + 1;
  if (!text.startsWith("committer ", committerAt)) return undefined;
  const committerEnd = text.indexOf("\n", committerAt);
  const blank = passOver(text, committerEnd + 1);
  if (committerEnd < 0 || text.charCodeAt(blank) !== LINE_FEED) return undefined;
  const author = parsePlainSignature(text, at + "author ".length, authorEnd);
  if (author === undefined) return undefined;
  const committer = isRepeated(text, at, authorEnd, committerAt, committerEnd)
    ? author
    : parsePlainSignature(text, committerAt + "committer ".length, committerEnd);
  if (committer === undefined) return undefined;
  const message = text.slice(blank + 1);
  return { id, tree, parents, author, committer, message, anomalies: NO_ANOMALIES };
}

/** Start of the first line from `at` on that belongs to none of the headers passed over. */
function passOver(text: string, at: number): number {
  let next = at;
  if (text.charCodeAt(at) === LINE_FEED) return at;
  while (PASSED_OVER.some((name) => text.startsWith(name, next))) {
    do next = text.indexOf("\n", next) + 1;
    while (next > 0 && text.charCodeAt(next) === SPACE);
    if (next === 0) return text.length;
  }
  return next;
}

/** The committer's line says what the author's does, as in most commits. */
function isRepeated(text: string, author: number, authorEnd: number, at: number, end: number): boolean {
  const from = author + "author ".length;
  const length = authorEnd - from;
  const to = at + "committer ".length;
  return end - to === length && text.startsWith(text.slice(from, authorEnd), to);
}

function parsePlainSignature(text: string, start: number, end: number): Signature | undefined {
  const date = end - DATE_LENGTH;
  const sign = text.charCodeAt(date + 12);
  const isPlain =
    date > start &&
    text.charCodeAt(date - 1) === CLOSE &&
    text.charCodeAt(date) === SPACE &&
    text.charCodeAt(date + 11) === SPACE &&
    (sign === PLUS || sign === MINUS);
  if (!isPlain) return undefined;
  const seconds = readDigits(text, date + 1, date + 11);
  const minutes = readDigits(text, date + 13, date + 15) * 60 + readDigits(text, date + 15, end);
  if (Number.isNaN(seconds) || !(minutes <= MAX_OFFSET)) return undefined;
  const { name, email, isSound } = recallIdentity(text.slice(start, date));
  if (!isSound) return undefined;
  return { name, email, at: seconds, offset: sign === MINUS && minutes !== 0 ? -minutes : minutes };
}

/** NaN where anything but digits stands there. */
function readDigits(text: string, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
