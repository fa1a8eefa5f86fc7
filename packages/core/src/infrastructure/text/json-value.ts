// SPDX-License-Identifier: Apache-2.0
import {
  type ConfigurationField,
  type ConfigurationValue,
  type LineRange,
  toExpression,
  toList,
  toLiteral,
  toObject,
} from "../configuration-value.ts";
import { createLineIndex, type LineIndex } from "./line-index.ts";

export interface ReadValue {
  readonly value: ConfigurationValue;
  readonly problems: readonly string[];
  readonly lines: LineRange;
}

interface Cursor {
  readonly text: string;
  readonly lineAt: LineIndex;
  readonly problems: string[];
  at: number;
}

const MOST_NESTING = 100;
const MOST_PROBLEMS = 20;
const ABSENT: ConfigurationValue = toExpression("");
// Comments, as JSON5 and editors allow them, and directives of templates, which vanish when they are filled in.
const SPACE = /(?:[\s\ufeff]+|\/\/[^\n]*|\/\*(?:.*?\*\/|.*)|%\{[^}\n]*\})*/sy;
const STRING = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"?/sy;
// Numbers, words, and interpolations that stand without quotes.
const SCALAR = /(?:\$\{(?:[^{}]|\{[^{}]*\})*\}|[^\s,:{}[\]"])+/y;

/**
 * Reads JSON with the lines of every field, and what people put into templates beside it: interpolations, comments and a comma
 * too many. Of keys that stand twice both are kept: readers differ in which of them they believe. Never throws.
 */
export function readJsonValue(text: string, depth = 0): ReadValue {
  const cursor: Cursor = { text, lineAt: createLineIndex(text), problems: [], at: 0 };
  skipSpace(cursor);
  const first = cursor.lineAt(cursor.at);
  const value = readValue(cursor, depth);
  skipSpace(cursor);
  const last = cursor.lineAt(Math.max(0, cursor.at - 1));
  if (cursor.at < text.length) complain(cursor, "something follows the document");
  return { value, problems: cursor.problems, lines: [first, last] };
}

function readValue(cursor: Cursor, depth: number): ConfigurationValue {
  skipSpace(cursor);
  const character = cursor.text[cursor.at];
  if (depth > MOST_NESTING && (character === "{" || character === "[")) {
    complain(cursor, `nested deeper than ${MOST_NESTING} levels`);
    cursor.at = cursor.text.length;
    return ABSENT;
  }
  if (character === "{") return toObject(readFields(cursor, depth));
  if (character === "[") return toList(readItems(cursor, depth));
  const quoted = match(cursor, STRING);
  if (quoted !== undefined && (quoted.length < 2 || !quoted.endsWith('"')))
    complain(cursor, "a text has no end");
  if (quoted !== undefined) return toEmbedded(toLiteral(unquote(quoted), quoted), depth + 1);
  const scalar = match(cursor, SCALAR);
  if (scalar === undefined) {
    complain(cursor, "a value is missing");
    return ABSENT;
  }
  const isKnown = /^(?:true|false|null|-?\d[\d.eE+-]*)$/.test(scalar);
  if (!isKnown && !scalar.startsWith("${"))
    complain(cursor, `${JSON.stringify(scalar.slice(0, 40))} is no JSON`);
  return isKnown ? toLiteral(scalar) : toExpression(scalar);
}

function readFields(cursor: Cursor, depth: number): readonly ConfigurationField[] {
  const fields: ConfigurationField[] = [];
  cursor.at++;
  while (!isClosed(cursor, "}")) {
    const first = cursor.lineAt(cursor.at);
    const name = match(cursor, STRING);
    if (name === undefined || !skipTo(cursor, ":")) {
      skipStranger(cursor, "a key and a colon");
      continue;
    }
    const value = readValue(cursor, depth + 1);
    fields.push({ name: unquote(name), value, lines: [first, cursor.lineAt(Math.max(0, cursor.at - 1))] });
    if (!skipTo(cursor, ",") && cursor.text[cursor.at] !== "}") complain(cursor, 'expected "," or "}"');
  }
  return fields;
}

function readItems(cursor: Cursor, depth: number): readonly ConfigurationValue[] {
  const items: ConfigurationValue[] = [];
  cursor.at++;
  while (!isClosed(cursor, "]")) {
    const from = cursor.at;
    items.push(readValue(cursor, depth + 1));
    if (skipTo(cursor, ",") || cursor.text[cursor.at] === "]") continue;
    if (cursor.at === from) skipStranger(cursor, '"," or "]"');
    else complain(cursor, 'expected "," or "]"');
  }
  return items;
}

function isClosed(cursor: Cursor, closing: string): boolean {
  if (skipTo(cursor, closing)) return true;
  if (cursor.at < cursor.text.length) return false;
  complain(cursor, `"${closing}" is missing`);
  return true;
}

/** Every loop here comes to an end, since what fits nowhere is passed. */
function skipStranger(cursor: Cursor, expected: string): void {
  complain(cursor, `expected ${expected}`);
  cursor.at++;
}

function skipTo(cursor: Cursor, character: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at++;
  return true;
}

function skipSpace(cursor: Cursor): void {
  match(cursor, SPACE);
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0];
  cursor.at += found?.length ?? 0;
  return found;
}

function complain(cursor: Cursor, what: string): void {
  if (cursor.problems.length < MOST_PROBLEMS)
    cursor.problems.push(`line ${cursor.lineAt(Math.min(cursor.at, cursor.text.length))}: ${what}`);
}

function unquote(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

/** A text that holds a JSON document, such as a policy, has that document's fields; another stays as it is. */
export function toEmbedded(value: ConfigurationValue, depth = 0): ConfigurationValue {
  const text = value.literal ?? "";
  if (!/^\s*[{[]\s*["{[]/.test(text)) return value;
  const { value: document, problems } = readJsonValue(text, depth);
  // What is cut to pieces by template directives is believed as far as it goes: a policy in it must not be overlooked.
  const isEmpty = document.fields.length === 0 && document.items.length === 0;
  if (isEmpty) return value;
  return problems.length === 0 ? document : { ...document, text: value.text };
}
