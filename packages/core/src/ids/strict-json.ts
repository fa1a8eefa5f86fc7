// SPDX-License-Identifier: Apache-2.0
import { parseUtf8 } from "./bytes.ts";
import type { Json } from "./canonical-json.ts";
import { CoreError, type CoreErrorCode } from "./core-error.ts";

/** What a reader of signed JSON allows; sizes in bytes and nesting levels. */
export interface StrictJsonLimits {
  readonly bytes: number;
  readonly depth: number;
  /** Code of the error thrown. */
  readonly code: CoreErrorCode;
}

interface Cursor {
  readonly text: string;
  readonly limits: StrictJsonLimits;
  at: number;
}

const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids raw control characters in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const INTEGER = /-?(?:0|[1-9]\d*)(?![\d.eE])/y;
const WORD = /true|false|null/y;

/**
 * JSON that every reader understands alike. JSON.parse keeps the last of two equal keys and other readers the first,
 * so that one signature could mean two things: duplicate keys are refused, and so are lone surrogates, a byte order
 * mark, fractions, exponents, minus zero and integers beyond 2^53-1 (readers round them differently), nesting past
 * the limit, and the key `__proto__`. White space is allowed: the signature covers it. Throws CoreError limits.code.
 */
export function parseStrictJson(bytes: Uint8Array, limits: StrictJsonLimits): Json {
  if (bytes.length > limits.bytes) {
    throw new CoreError(limits.code, `expected at most ${limits.bytes} bytes, got ${bytes.length}`);
  }
  const cursor: Cursor = { text: readUtf8(bytes, limits.code), limits, at: 0 };
  const value = readValue(cursor, 0);
  skipSpace(cursor);
  if (cursor.at < cursor.text.length) throw malformed(cursor, "nothing after the value");
  return value;
}

function readUtf8(bytes: Uint8Array, code: CoreErrorCode): string {
  try {
    return parseUtf8(bytes);
  } catch (cause) {
    throw new CoreError(code, "expected JSON in UTF-8", { cause });
  }
}

function readValue(cursor: Cursor, depth: number): Json {
  if (depth > cursor.limits.depth)
    throw malformed(cursor, `at most ${cursor.limits.depth} levels of nesting`);
  skipSpace(cursor);
  switch (cursor.text[cursor.at]) {
    case "{":
      return readObject(cursor, depth);
    case "[":
      return readArray(cursor, depth);
    case '"':
      return readString(cursor);
    default:
      return readScalar(cursor);
  }
}

function readObject(cursor: Cursor, depth: number): Json {
  const members = new Map<string, Json>();
  cursor.at++;
  if (isTaken(cursor, "}")) return {};
  do {
    skipSpace(cursor);
    const key = readString(cursor);
    if (members.has(key))
      throw malformed(cursor, `each key once, ${JSON.stringify(key.slice(0, 80))} repeats`);
    // Object.fromEntries would keep it as a plain key, but the next reader may use assignment.
    if (key === "__proto__") throw malformed(cursor, "no key named __proto__");
    if (!isTaken(cursor, ":")) throw malformed(cursor, '":"');
    members.set(key, readValue(cursor, depth + 1));
  } while (isTaken(cursor, ","));
  if (!isTaken(cursor, "}")) throw malformed(cursor, '"," or "}"');
  return Object.fromEntries(members);
}

function readArray(cursor: Cursor, depth: number): Json {
  const items: Json[] = [];
  cursor.at++;
  if (isTaken(cursor, "]")) return items;
  do {
    items.push(readValue(cursor, depth + 1));
  } while (isTaken(cursor, ","));
  if (!isTaken(cursor, "]")) throw malformed(cursor, '"," or "]"');
  return items;
}

function readString(cursor: Cursor): string {
  const token = takeMatch(cursor, STRING);
  if (token === undefined) throw malformed(cursor, "a string");
  const value = JSON.parse(token) as string;
  if (!value.isWellFormed()) throw malformed(cursor, "no lone surrogate");
  return value;
}

function readScalar(cursor: Cursor): Json {
  const word = takeMatch(cursor, WORD);
  if (word !== undefined) return JSON.parse(word) as Json;
  const digits = takeMatch(cursor, INTEGER);
  const value = digits === undefined ? Number.NaN : Number(digits);
  if (!Number.isSafeInteger(value) || Object.is(value, -0))
    throw malformed(cursor, "a JSON value with whole numbers");
  return value;
}

function skipSpace(cursor: Cursor): void {
  takeMatch(cursor, SPACE);
}

function isTaken(cursor: Cursor, character: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at++;
  return true;
}

function takeMatch(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text)?.[0];
  cursor.at += match?.length ?? 0;
  return match;
}

function malformed(cursor: Cursor, expected: string): CoreError {
  return new CoreError(
    cursor.limits.code,
    `expected ${expected} at character ${cursor.at + 1} of the JSON text`,
  );
}
