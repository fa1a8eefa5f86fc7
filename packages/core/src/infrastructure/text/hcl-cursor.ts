// SPDX-License-Identifier: Apache-2.0
import type { HclToken } from "./hcl-tokens.ts";
import type { LineIndex } from "./line-index.ts";

/** Place in the words of a file, and what is wrong with them so far. */
export interface HclCursor {
  readonly tokens: readonly HclToken[];
  readonly lineAt: LineIndex;
  /** Lines with a problem and what it is, at most `MOST_PROBLEMS`. */
  readonly problems: string[];
  at: number;
  depth: number;
}

/** Deeper nesting is passed over and said to be; a person does not write it. */
export const MOST_NESTING = 100;
const MOST_PROBLEMS = 20;

const END: HclToken = { kind: "end", text: "", start: 0, end: 0 };

export function peek(cursor: HclCursor, ahead = 0): HclToken {
  return cursor.tokens[cursor.at + ahead] ?? cursor.tokens.at(-1) ?? END;
}

/** The next word, passed by; the end is never passed. */
export function take(cursor: HclCursor): HclToken {
  const token = peek(cursor);
  if (token.kind !== "end") cursor.at++;
  if (token.problem !== undefined) complain(cursor, token, token.problem);
  return token;
}

export function isSymbol(token: HclToken, ...texts: readonly string[]): boolean {
  return token.kind === "symbol" && texts.includes(token.text);
}

export function complain(cursor: HclCursor, token: HclToken, what: string): void {
  if (cursor.problems.length < MOST_PROBLEMS)
    cursor.problems.push(`line ${cursor.lineAt(token.start)}: ${what}`);
}

export function skipLines(cursor: HclCursor): void {
  while (peek(cursor).kind === "newline") cursor.at++;
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** Passes a bracket and all up to the one that closes it, however deep; to the end where none does. */
export function skipGroup(cursor: HclCursor): void {
  let depth = 0;
  do {
    const token = take(cursor);
    if (isSymbol(token, ...CLOSING.keys())) depth++;
    else if (isSymbol(token, ...CLOSING.values())) depth--;
    if (token.kind === "end") return;
  } while (depth > 0);
}

/** The line's rest, the groups in it whole. */
export function skipLine(cursor: HclCursor): void {
  for (;;) {
    const token = peek(cursor);
    if (token.kind === "newline" || token.kind === "end" || isSymbol(token, "}")) return;
    if (isSymbol(token, ...CLOSING.keys())) skipGroup(cursor);
    else take(cursor);
  }
}

/** The last line of what was passed last. */
export function lastLine(cursor: HclCursor): number {
  const token = cursor.tokens[cursor.at - 1];
  return token === undefined ? 1 : cursor.lineAt(Math.max(token.start, token.end - 1));
}
