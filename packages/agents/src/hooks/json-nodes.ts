// SPDX-License-Identifier: Apache-2.0
import { AgentError } from "../agent-error.ts";

/** A JSON value and where it stands in its text, so that the text around it can stay as somebody wrote it. */
export interface JsonNode {
  /** Offsets in the text, the end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
  /** Undefined but for an object. */
  readonly members?: readonly JsonMember[];
  /** Undefined but for an array. */
  readonly items?: readonly JsonNode[];
}

export interface JsonMember extends JsonNode {
  readonly key: string;
  readonly node: JsonNode;
}

const MAX_DEPTH = 64;

/**
 * Parses JSON with comments and trailing commas, as agents' settings are. One key twice is an error: which one counts is
 * the agent's secret.
 * @throws AgentError CONFIG_MALFORMED
 */
export function parseNodes(text: string): JsonNode {
  const cursor: Cursor = { text, at: text.startsWith("\uFEFF") ? 1 : 0, depth: 0 };
  skipBlank(cursor);
  const node = readValue(cursor);
  skipBlank(cursor);
  if (cursor.at < text.length) fail(cursor);
  return node;
}

interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
}

function fail(cursor: Cursor): never {
  const message = `line ${lineOf(cursor)} is not JSON; comments and a comma after the last element are well`;
  throw new AgentError("CONFIG_MALFORMED", message);
}

function lineOf({ text, at }: Cursor): number {
  return text.slice(0, at).split("\n").length;
}

const BLANK = /(?:[ \t\r\n]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;

/** The offset behind blanks and comments. */
export function skipBlanks(text: string, at: number): number {
  BLANK.lastIndex = at;
  BLANK.test(text);
  return BLANK.lastIndex;
}

function skipBlank(cursor: Cursor): void {
  cursor.at = skipBlanks(cursor.text, cursor.at);
}

function readValue(cursor: Cursor): JsonNode {
  const first = cursor.text[cursor.at];
  if (first === "{") return readObject(cursor);
  if (first === "[") return readArray(cursor);
  return readScalar(cursor);
}

const SCALAR = /"(?:[^"\\\n]|\\.)*"|true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function readScalar(cursor: Cursor): JsonNode {
  SCALAR.lastIndex = cursor.at;
  const [literal] = SCALAR.exec(cursor.text) ?? fail(cursor);
  const start = cursor.at;
  cursor.at += literal.length;
  try {
    return { start, end: cursor.at, value: JSON.parse(literal) };
  } catch {
    cursor.at = start;
    return fail(cursor);
  }
}

function readObject(cursor: Cursor): JsonNode {
  const start = cursor.at;
  const members: JsonMember[] = [];
  readList(cursor, "}", () => {
    const key = readScalar(cursor);
    if (typeof key.value !== "string") fail(cursor);
    if (members.some((member) => member.key === key.value)) failTwice(cursor, key.value);
    skipBlank(cursor);
    if (cursor.text[cursor.at] !== ":") fail(cursor);
    cursor.at++;
    skipBlank(cursor);
    const node = readValue(cursor);
    members.push({ key: key.value, start: key.start, end: node.end, value: node.value, node });
  });
  const value = Object.fromEntries(members.map(({ key, node }) => [key, node.value]));
  return { start, end: cursor.at, value, members };
}

function failTwice(cursor: Cursor, key: string): never {
  const message = `line ${lineOf(cursor)} has ${JSON.stringify(key)} for the second time; leave one of them`;
  throw new AgentError("CONFIG_MALFORMED", message);
}

function readArray(cursor: Cursor): JsonNode {
  const start = cursor.at;
  const items: JsonNode[] = [];
  readList(cursor, "]", () => void items.push(readValue(cursor)));
  return { start, end: cursor.at, value: items.map(({ value }) => value), items };
}

/** From the opening bracket to behind the closing one. */
function readList(cursor: Cursor, close: string, readOne: () => void): void {
  if (++cursor.depth > MAX_DEPTH) fail(cursor);
  cursor.at++;
  for (skipBlank(cursor); cursor.text[cursor.at] !== close; skipBlank(cursor)) {
    readOne();
    skipBlank(cursor);
    if (cursor.text[cursor.at] === ",") cursor.at++;
    else if (cursor.text[cursor.at] !== close) fail(cursor);
  }
  cursor.at++;
  cursor.depth--;
}
