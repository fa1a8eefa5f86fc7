// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationField, type ConfigurationValue, toObject } from "../configuration-value.ts";
import {
  complain,
  type HclCursor,
  isSymbol,
  lastLine,
  MOST_NESTING,
  peek,
  skipGroup,
  skipLine,
  skipLines,
  take,
} from "./hcl-cursor.ts";
import { readExpression } from "./hcl-expression.ts";
import { type HclToken, readHclTokens } from "./hcl-tokens.ts";
import type { ReadValue } from "./json-value.ts";
import { createLineIndex } from "./line-index.ts";

/** Label of a block as a field of its body, which no attribute can be named. */
export const LABEL = "(label)";

/**
 * Reads a body of HCL: attributes and blocks are fields of their name, a block's labels are fields named `(label)` of its value.
 * Broken text is read as far as it can be, with a complaint for each place; everything else keeps its exact lines. Never throws.
 */
export function readHcl(text: string): ReadValue {
  const lineAt = createLineIndex(text);
  const cursor: HclCursor = { tokens: readHclTokens(text), lineAt, problems: [], at: 0, depth: 0 };
  const value = toObject(readFields(cursor, false));
  return { value, problems: cursor.problems, lines: [1, lineAt(text.length)] };
}

function readFields(cursor: HclCursor, isInBlock: boolean): readonly ConfigurationField[] {
  const fields: ConfigurationField[] = [];
  for (;;) {
    skipLines(cursor);
    const token = peek(cursor);
    if (token.kind === "end") {
      if (isInBlock) complain(cursor, token, '"}" is missing');
      return fields;
    }
    if (isSymbol(token, "}")) {
      take(cursor);
      if (isInBlock) return fields;
      complain(cursor, token, '"}" closes nothing');
      continue;
    }
    const field = readField(cursor);
    if (field !== undefined) fields.push(field);
  }
}

function readField(cursor: HclCursor): ConfigurationField | undefined {
  const name = take(cursor);
  const first = cursor.lineAt(name.start);
  if (name.kind !== "identifier") return giveUp(cursor, name, "stands where a name is expected");
  if (isSymbol(peek(cursor), "=")) {
    take(cursor);
    const value = readExpression(cursor, false);
    expectLineEnd(cursor);
    return { name: name.text, value, lines: [first, lastLine(cursor)] };
  }
  const labels: string[] = [];
  for (let token = peek(cursor); token.kind === "identifier" || token.kind === "string"; token = peek(cursor))
    labels.push(toLabel(take(cursor)));
  if (!isSymbol(peek(cursor), "{")) return giveUp(cursor, name, "is followed by no value and no block");
  const body = readBlock(cursor, labels);
  return { name: name.text, value: body, lines: [first, lastLine(cursor)] };
}

function readBlock(cursor: HclCursor, labels: readonly string[]): ConfigurationValue {
  const line = cursor.lineAt(peek(cursor).start);
  const names = labels.map((literal) => ({
    name: LABEL,
    value: { text: literal, literal, fields: [], items: [] },
    lines: [line, line] as const,
  }));
  if (cursor.depth >= MOST_NESTING) {
    const from = cursor.at;
    complain(cursor, peek(cursor), `nested deeper than ${MOST_NESTING} levels`);
    skipGroup(cursor);
    const text = cursor.tokens
      .slice(from, cursor.at)
      .map((token) => token.text)
      .join(" ");
    return { text, literal: null, fields: names, items: [] };
  }
  take(cursor);
  cursor.depth++;
  const fields = readFields(cursor, true);
  cursor.depth--;
  return toObject([...names, ...fields]);
}

function toLabel(token: HclToken): string {
  return token.kind === "string" ? token.text.replace(/^"|"$/g, "") : token.text;
}

function expectLineEnd(cursor: HclCursor): void {
  const token = peek(cursor);
  if (token.kind === "newline" || token.kind === "end" || isSymbol(token, "}")) return;
  complain(cursor, token, `"${token.text.slice(0, 40)}" stands where the line should end`);
  take(cursor);
  skipLine(cursor);
}

function giveUp(cursor: HclCursor, token: HclToken, what: string): undefined {
  complain(cursor, token, `${JSON.stringify(token.text.slice(0, 40))} ${what}`);
  skipLine(cursor);
  return undefined;
}
