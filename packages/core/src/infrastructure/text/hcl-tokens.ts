// SPDX-License-Identifier: Apache-2.0

/**
 * A word of HCL (hashicorp/hcl, hclsyntax/spec.md). Comments are none; a quoted template or a heredoc is one, with all that its
 * interpolations hold.
 */
export interface HclToken {
  readonly kind: "newline" | "identifier" | "number" | "string" | "heredoc" | "symbol" | "invalid" | "end";
  /** As written; a heredoc without its markers. */
  readonly text: string;
  readonly start: number;
  /** After the last character. */
  readonly end: number;
  /** What is wrong with it, for people. */
  readonly problem?: string;
}

// One pattern for nearly all words; what begins otherwise is rare.
const PLAIN =
  /([ \t\r]+|#[^\n]*|\/\/[^\n]*)|([A-Za-z_][\w-]*)(?![\w\u0080-\uffff])|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\.\.\.|=>|==|!=|<=|>=|&&|\|\||::|[{}[\]()=.,:?+\-*%>!]|\/(?!\*)|<(?!<))/y;
const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const HEREDOC = /<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n/uy;

const BLANK = 0x20;
const TAB = 0x09;

/** Words of a text, the `end` last. Never throws; what is no HCL is `invalid`, a character each. */
export function readHclTokens(text: string): readonly HclToken[] {
  const tokens: HclToken[] = [];
  for (let at = 0; at < text.length; ) {
    const character = text.charCodeAt(at);
    if (character === BLANK || character === TAB) {
      at++;
      continue;
    }
    const token = readToken(text, at);
    if (token.kind !== "end") tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

/** Kind `end` stands for what is no word: blanks and comments. */
function readToken(text: string, start: number): HclToken {
  const first = text[start];
  if (first === "\n") return { kind: "newline", text: "\n", start, end: start + 1 };
  if (first === '"') return readQuoted(text, start);
  PLAIN.lastIndex = start;
  const found = PLAIN.exec(text);
  if (found === null) return readRare(text, start);
  const end = PLAIN.lastIndex;
  if (found[1] !== undefined) return { kind: "end", text: "", start, end };
  const kind = found[2] !== undefined ? "identifier" : found[3] !== undefined ? "number" : "symbol";
  return { kind, text: found[0], start, end };
}

function readRare(text: string, start: number): HclToken {
  const first = text[start] ?? "";
  if (first === "\ufeff") return { kind: "end", text: "", start, end: start + 1 };
  if (text.startsWith("/*", start)) return readBlockComment(text, start);
  HEREDOC.lastIndex = start;
  const heredoc = first === "<" ? HEREDOC.exec(text) : null;
  if (heredoc !== null) return readHeredoc(text, start, heredoc);
  IDENTIFIER.lastIndex = start;
  const word = IDENTIFIER.exec(text)?.[0];
  if (word !== undefined) return { kind: "identifier", text: word, start, end: start + word.length };
  const problem = `the character ${JSON.stringify(first)} has no place in HCL`;
  return { kind: "invalid", text: first, start, end: start + 1, problem };
}

function readBlockComment(text: string, start: number): HclToken {
  const end = text.indexOf("*/", start + 2);
  if (end >= 0) return { kind: "end", text: "", start, end: end + 2 };
  return { kind: "invalid", text: "", start, end: text.length, problem: "a comment has no end" };
}

/** A heredoc ends at a line that holds only its marker; one without it takes the rest of the file. */
function readHeredoc(text: string, start: number, [opening, dash, marker]: RegExpExecArray): HclToken {
  const from = start + (opening?.length ?? 0);
  for (let at = from; at < text.length; ) {
    const lineFeed = text.indexOf("\n", at);
    const end = lineFeed < 0 ? text.length : lineFeed;
    if (text.slice(at, end).trim() === marker) {
      const content = text.slice(from, at);
      return { kind: "heredoc", text: dash === "-" ? outdent(content) : content, start, end };
    }
    at = end + 1;
  }
  const problem = `the heredoc ${marker ?? ""} has no end`;
  return { kind: "heredoc", text: text.slice(from), start, end: text.length, problem };
}

function outdent(content: string): string {
  const lines = content.split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const least = indents.reduce((least, indent) => Math.min(least, indent), Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(Math.min(least, line.length))).join("\n");
}

/**
 * A quoted template with its interpolations, in which quotes and braces nest: `"${lookup({a = "}"}, "a")}"`. A stack of its own
 * keeps what is nested a million times from overflowing the program's.
 */
function readQuoted(text: string, start: number): HclToken {
  const stack: ('"' | "{")[] = ['"'];
  let at = start + 1;
  while (at < text.length && stack.length > 0) {
    const character = text[at];
    const isInText = stack.at(-1) === '"';
    if (isInText && character === "\n")
      return {
        kind: "string",
        text: text.slice(start, at),
        start,
        end: at,
        problem: "a quoted text has no end",
      };
    if (isInText && character === "\\") at += 2;
    else if (isInText && (character === "$" || character === "%")) at = readMarker(text, at, stack);
    else {
      if (character === '"' && isInText) stack.pop();
      else if (character === '"') stack.push('"');
      else if (!isInText && character === "{") stack.push("{");
      else if (!isInText && character === "}") stack.pop();
      at++;
    }
  }
  const end = Math.min(at, text.length);
  const token = { kind: "string", text: text.slice(start, end), start, end } as const;
  return stack.length === 0 ? token : { ...token, problem: "a quoted text has no end" };
}

/** `${` and `%{` begin an interpolation, `$${` and `%%{` do not. */
function readMarker(text: string, at: number, stack: ('"' | "{")[]): number {
  const character = text[at];
  if (text[at + 1] === character && text[at + 2] === "{") return at + 3;
  if (text[at + 1] !== "{") return at + 1;
  stack.push("{");
  return at + 2;
}
