// SPDX-License-Identifier: Apache-2.0
import {
  type ConfigurationField,
  type ConfigurationValue,
  toExpression,
  toList,
  toLiteral,
  toObject,
} from "../configuration-value.ts";
import {
  complain,
  type HclCursor,
  isSymbol,
  lastLine,
  MOST_NESTING,
  peek,
  skipGroup,
  skipLines,
  take,
} from "./hcl-cursor.ts";
import type { HclToken } from "./hcl-tokens.ts";
import { toEmbedded } from "./json-value.ts";
import { unquoteHcl } from "./unquote-hcl.ts";

const UNARY = new Set(["!", "-"]);
const BINARY = new Set("+ - * / % == != < > <= >= && || ? : => . :: ... if in".split(" "));

/**
 * Reads an expression up to what ends it: a comma, a closing bracket, and outside of brackets the line. What it computes nobody
 * knows here, so its parts are kept: in `cond ? ["*"] : []` both lists count.
 */
export function readExpression(cursor: HclCursor, isInBrackets: boolean): ConfigurationValue {
  const parts: ConfigurationValue[] = [];
  const texts: string[] = [];
  let wantsOperand = true;
  for (;;) {
    if (isInBrackets) skipLines(cursor);
    const token = peek(cursor);
    if (isEnding(token)) break;
    const isIndex = !wantsOperand && isSymbol(token, "[");
    wantsOperand = checkOrder(cursor, token, wantsOperand);
    const part = readPart(cursor, token);
    if (isIndex) {
      // Which of them is meant is no value of its own.
      texts.push(`[${part.items.map(({ text }) => text).join(", ")}]`);
      continue;
    }
    texts.push(part.text);
    if (part.literal !== null || part.text === "{}" || part.text === "[]" || part.text === "()")
      parts.push(part);
  }
  if (wantsOperand)
    complain(cursor, peek(cursor), texts.length === 0 ? "a value is missing" : "an expression breaks off");
  const [only] = parts;
  if (texts.length === 1 && only !== undefined) return only;
  // A negative number is a literal too.
  const isNegative = texts.length === 2 && texts[0] === "-" && only !== undefined && only.items.length === 0;
  if (isNegative) return toLiteral(`-${only.text}`);
  return { text: texts.join(" "), literal: null, fields: [], items: parts };
}

function isEnding(token: HclToken): boolean {
  return token.kind === "end" || token.kind === "newline" || isSymbol(token, ",", ")", "]", "}", "=");
}

/** Whether an operand must follow; complains where two operands or two operators meet, as in `x = = 3`. */
function checkOrder(cursor: HclCursor, token: HclToken, wantsOperand: boolean): boolean {
  const isOperator = (token.kind === "symbol" || token.kind === "identifier") && BINARY.has(token.text);
  const isWord = token.kind === "identifier" && isOperator && wantsOperand;
  if (isSymbol(token, "!") || (wantsOperand && UNARY.has(token.text))) return true;
  if (wantsOperand && isSymbol(token, "*")) return false;
  if (isOperator && !isWord) {
    if (wantsOperand) complain(cursor, token, `"${token.text}" stands where a value is expected`);
    // `args...` ends a call's arguments; `for x in` names what follows.
    return !isSymbol(token, "...");
  }
  const opensGroup = isSymbol(token, "(", "[");
  const previous = cursor.tokens[cursor.at - 1];
  const isLoop = previous?.kind === "identifier" && previous.text === "for";
  if (!wantsOperand && !opensGroup && !isLoop)
    complain(cursor, token, `"${token.text.slice(0, 40)}" stands where an operator is expected`);
  return false;
}

function readPart(cursor: HclCursor, token: HclToken): ConfigurationValue {
  if (isSymbol(token, "{")) return readGroup(cursor, readObject);
  if (isSymbol(token, "[")) return readGroup(cursor, (own) => toList(readItems(own, "]")));
  if (isSymbol(token, "("))
    return readGroup(cursor, (own) => ({ ...toList(readItems(own, ")")), text: "()" }));
  take(cursor);
  return toPart(token);
}

function toPart(token: HclToken): ConfigurationValue {
  if (token.kind === "string") return unquoteHcl(token.text);
  if (token.kind === "heredoc") return toEmbedded(toLiteral(token.text));
  const isLiteral =
    token.kind === "number" ||
    (token.kind === "identifier" &&
      (token.text === "true" || token.text === "false" || token.text === "null"));
  return isLiteral ? toLiteral(token.text) : toExpression(token.text);
}

function readGroup(cursor: HclCursor, read: (cursor: HclCursor) => ConfigurationValue): ConfigurationValue {
  if (cursor.depth >= MOST_NESTING) {
    const [from, first] = [cursor.at, peek(cursor)];
    complain(cursor, first, `nested deeper than ${MOST_NESTING} levels`);
    skipGroup(cursor);
    const skipped = cursor.tokens.slice(from, cursor.at).map((token) => token.text);
    return toExpression(skipped.join(" "));
  }
  take(cursor);
  cursor.depth++;
  const value = read(cursor);
  cursor.depth--;
  return value;
}

function readItems(cursor: HclCursor, closing: string): readonly ConfigurationValue[] {
  const items: ConfigurationValue[] = [];
  for (;;) {
    skipLines(cursor);
    if (isClosed(cursor, closing)) return items;
    items.push(readExpression(cursor, true));
    skipLines(cursor);
    if (isSymbol(peek(cursor), ",")) take(cursor);
    else if (!isSymbol(peek(cursor), closing)) skipStranger(cursor, closing);
  }
}

/** An object, or a `for` over one, whose parts are its items. */
function readObject(cursor: HclCursor): ConfigurationValue {
  skipLines(cursor);
  if (peek(cursor).text === "for" && peek(cursor, 1).kind === "identifier")
    return { ...toList(readItems(cursor, "}")), text: "{for}" };
  const fields: ConfigurationField[] = [];
  for (;;) {
    skipLines(cursor);
    if (isClosed(cursor, "}")) return toObject(fields);
    const first = cursor.lineAt(peek(cursor).start);
    const key = readKey(cursor);
    if (isSymbol(peek(cursor), "=", ":")) {
      take(cursor);
      const value = readExpression(cursor, false);
      fields.push({ name: key, value, lines: [first, lastLine(cursor)] });
    } else complain(cursor, peek(cursor), `the key ${key.slice(0, 40)} has no value`);
    const next = peek(cursor);
    if (isSymbol(next, ",")) take(cursor);
    else if (next.kind !== "newline" && !isSymbol(next, "}")) skipStranger(cursor, "}");
  }
}

/** A key as it is: without quotes, an expression in brackets as written. */
function readKey(cursor: HclCursor): string {
  const texts: string[] = [];
  for (;;) {
    const token = peek(cursor);
    if (isEnding(token) || isSymbol(token, ":")) return texts.join(" ");
    const part = readPart(cursor, token);
    texts.push(
      part.literal ?? (part.text === "()" ? `(${part.items.map((item) => item.text).join(" ")})` : part.text),
    );
  }
}

/** The group's closing bracket, passed by; or the file's end, which closes it with a complaint. */
function isClosed(cursor: HclCursor, closing: string): boolean {
  const token = peek(cursor);
  if (isSymbol(token, closing)) {
    take(cursor);
    return true;
  }
  if (token.kind !== "end") return false;
  complain(cursor, token, `"${closing}" is missing`);
  return true;
}

/** What neither continues nor closes a group is passed, a word at a time, so that every loop here comes to an end. */
function skipStranger(cursor: HclCursor, closing: string): void {
  const token = peek(cursor);
  complain(cursor, token, `"${token.text.slice(0, 40)}" stands where "," or "${closing}" is expected`);
  if (token.kind !== "end") take(cursor);
}
