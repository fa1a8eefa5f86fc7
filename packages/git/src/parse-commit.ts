// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, type Signature, toRawText } from "@countersign/core/ids";
import { recallIdentity } from "./recall-identity.ts";
import type { CommitAnomaly, CommitRecord } from "./types.ts";

/**
 * Encodings whose ASCII bytes mean ASCII. Others (UTF-16, UTF-7, EBCDIC, escape-driven ISO-2022) are not followed:
 * an `encoding` header is the author's free choice, and with those it could make a trailer that every raw view shows
 * disappear from ours. Their bytes stay as they are and the commit is marked.
 */
const ASCII_BASED =
  /^(?:iso-?8859-\d+|latin\d|l\d|windows-125\d|cp125\d|koi8-[ru]|euc-(?:jp|kr)|gb18030|gbk|gb2312|big5|shift[_-]jis|sjis|us-ascii|ascii)$/i;
const UTF8 = /^utf-?8$/i;
const REPLACEMENT = "\uFFFD";
/** Largest moment that a Date can hold, in seconds. */
const MAX_SECONDS = 8_640_000_000_000;
const MAX_OFFSET = 24 * 60;

interface Draft {
  tree: string | undefined;
  author: string | undefined;
  committer: string | undefined;
  encoding: string | undefined;
  readonly parents: ObjectId[];
  /** May repeat itself; empty for nearly every commit, so it is put in order only where it is not. */
  readonly anomalies: CommitAnomaly[];
}

/** Parses a commit object's content. Never throws: whatever stands in it, some record comes out, marked if odd. */
export function parseCommit(id: ObjectId, content: Buffer): CommitRecord {
  const draft: Draft = {
    tree: undefined,
    author: undefined,
    committer: undefined,
    encoding: undefined,
    parents: [],
    anomalies: [],
  };
  const text = decodeCommit(content, draft);
  const end = headerEnd(text);
  parseHeaders(text, end < 0 ? text.length : end, draft);
  const author = parseSignature(draft.author, draft.anomalies);
  const isSame = draft.committer === draft.author && draft.author !== undefined;
  const committer = isSame ? author : parseSignature(draft.committer, draft.anomalies);
  return {
    id,
    tree: draft.tree ?? "",
    parents: draft.parents,
    author,
    committer,
    message: end < 0 ? "" : text.slice(end + 2),
    anomalies: draft.anomalies.length === 0 ? NO_ANOMALIES : [...new Set(draft.anomalies)].sort(),
  };
}

const NO_ANOMALIES: readonly CommitAnomaly[] = [];

/** Index of the blank line that ends the header, minus its first line feed. */
function headerEnd(text: string): number {
  return text.startsWith("\n") ? -1 : text.indexOf("\n\n");
}

function decodeCommit(content: Buffer, draft: Draft): string {
  const text = content.toString("utf8");
  // NUL is one byte in UTF-8 and part of no other character, so the text shows exactly those of the bytes.
  if (text.includes("\0")) draft.anomalies.push("nul-in-commit");
  // Fast path: almost every commit is UTF-8 and says nothing about its encoding.
  const isUtf8 = !text.includes(REPLACEMENT);
  const named = text.includes("\nencoding ") ? findEncoding(text) : undefined;
  if (named === undefined || UTF8.test(named)) {
    if (isUtf8) return text;
    const raw = toRawText(content);
    if (/[\uDC80-\uDCFF]/.test(raw)) draft.anomalies.push("undecodable-text");
    return raw;
  }
  const decoded = ASCII_BASED.test(named) ? decodeAs(named, content) : undefined;
  if (decoded !== undefined) return decoded;
  // Pure ASCII reads the same in every encoding that is followed, so nothing is in doubt then.
  draft.anomalies.push("unsupported-encoding");
  return toRawText(content);
}

function findEncoding(text: string): string | undefined {
  const end = headerEnd(text);
  const header = end < 0 ? text : text.slice(0, end);
  return /\nencoding ([^\n]*)/.exec(header)?.[1]?.trim();
}

function decodeAs(encoding: string, content: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding.replace(/^iso8859/i, "iso-8859"), {
      fatal: true,
      ignoreBOM: true,
    }).decode(content);
  } catch {
    return undefined;
  }
}

/** Reads the text up to `length`. */
function parseHeaders(text: string, length: number, draft: Draft): void {
  let space = text.indexOf(" ");
  for (let at = 0; at < length; ) {
    const next = text.indexOf("\n", at);
    const end = next < 0 || next > length ? length : next;
    // Searched again only once it is passed: lines without a blank must not each read the whole message.
    if (space >= 0 && space < at) space = text.indexOf(" ", at);
    // A line that starts with a space continues the header before it (gpgsig, mergetag).
    if (space !== at && space >= 0 && space < end)
      parseHeader(text.slice(at, space), text.slice(space + 1, end), draft);
    else if (space !== at) draft.anomalies.push("malformed-header");
    at = end + 1;
  }
  if (draft.tree === undefined) draft.anomalies.push("malformed-header");
}

function parseHeader(name: string, value: string, draft: Draft): void {
  if (name === "parent") {
    draft.parents.push(value);
    // Git takes parents only before the author; what stands later only some readers see.
    if (draft.author !== undefined) draft.anomalies.push("malformed-header");
  } else if (name === "tree" || name === "author" || name === "committer" || name === "encoding") {
    // Git's log shows the last of two author lines, its other readers the first: nobody can tell who wrote it.
    if (draft[name] === undefined) draft[name] = value;
    else draft.anomalies.push("duplicate-header");
  }
}

/** Splits as Git does: the first `<`, the next `>`, and the date from the end of the line. */
function parseSignature(line: string | undefined, anomalies: CommitAnomaly[]): Signature {
  if (line === undefined) {
    anomalies.push("malformed-header");
    return { name: "", email: "", at: 0, offset: 0 };
  }
  const last = line.lastIndexOf(">");
  const open = line.indexOf("<");
  const hasBoth = open >= 0 && open < last;
  const { name, email, isSound } = recallIdentity(hasBoth ? line.slice(0, last + 1) : line);
  if (!isSound || line.includes("<", last + 1)) anomalies.push("malformed-identity");
  const { at, offset } = parseDate(line.slice(last + 1), anomalies);
  return { name, email, at, offset };
}

function parseDate(
  text: string,
  anomalies: CommitAnomaly[],
): { readonly at: number; readonly offset: number } {
  const plain = parsePlainDate(text);
  if (plain !== undefined) return plain;
  const match = /^ (\d{1,20}) ([+-])(\d{1,8})$/.exec(text);
  const at = Number(match?.[1] ?? Number.NaN);
  const digits = Number(match?.[3] ?? 0);
  const offset = (match?.[2] === "-" ? -1 : 1) * (Math.trunc(digits / 100) * 60 + (digits % 100));
  const isSound = at <= MAX_SECONDS && Math.abs(offset) <= MAX_OFFSET;
  if (!isSound) anomalies.push("malformed-date");
  return { at: at <= MAX_SECONDS ? at : 0, offset: isSound && offset !== 0 ? offset : 0 };
}

/** ` 1234567890 +0100`, which nearly every date since 2001 is, without a pattern's slices; undefined is no verdict. */
function parsePlainDate(text: string): { readonly at: number; readonly offset: number } | undefined {
  const sign = text[12];
  if (text.length !== 17 || text[0] !== " " || text[11] !== " " || (sign !== "+" && sign !== "-"))
    return undefined;
  const at = readDigits(text, 1, 11);
  const minutes = readDigits(text, 13, 15) * 60 + readDigits(text, 15, 17);
  if (Number.isNaN(at) || !(minutes <= MAX_OFFSET)) return undefined;
  return { at, offset: sign === "-" && minutes !== 0 ? -minutes : minutes };
}

function readDigits(text: string, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
