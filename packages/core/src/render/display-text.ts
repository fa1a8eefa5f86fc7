// SPDX-License-Identifier: Apache-2.0
import type { RawText } from "../ids/index.ts";

/** Longest piece of outside text shown in one place, in characters, unless the caller says otherwise. */
export const DISPLAY_LIMIT = 300;

/**
 * What never reaches a medium as itself: control characters (ESC starts a terminal command, CR overwrites a line), line
 * separators, everything invisible (bidi overrides make `"admin" // x` read backwards, zero width makes two names look
 * alike, tag characters hide whole sentences) and lone surrogates, which stand for bytes that are not UTF-8.
 * U+FE0F stays behind a pictograph: without it half of all emoji turn into escapes and it can hide nothing there.
 */
const UNSAFE =
  /[\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cf}\u00ad\u2800]|(?!(?<=\p{Extended_Pictographic})\ufe0f)\p{Default_Ignorable_Code_Point}/u;
const ALL_UNSAFE = new RegExp(UNSAFE.source, "gu");

/**
 * Log commands: CI runners act on lines of a build log. `::name::` counts at the start of a line (ours may wrap
 * anywhere), `##[name]`, `##vso[` and `##teamcity[` anywhere.
 */
const COMMAND = /(^|\s)::|##(?=\w*\[)/g;

/**
 * One line of outside text, safe to print on a terminal or in a build log: unsafe characters become visible escapes
 * (`\n`, `\x1b`, `\u202e`, `\xff` for a byte that is not UTF-8) and a backslash becomes two, so that two different
 * texts never look alike. Longer text is cut, and says by how much.
 */
export function displayText(raw: RawText, limit: number = DISPLAY_LIMIT): string {
  const cut = cutAt(raw, limit);
  const visible = UNSAFE.test(cut) ? cut.replace(ALL_UNSAFE, visibleEscape) : cut;
  const text = visible.replace(COMMAND, (match) => `${match.slice(0, -1)}\\${match.slice(-1)}`);
  return cut.length === raw.length ? text : `${text}… (${raw.length - cut.length} more characters)`;
}

const TAB_WIDTH = 8;

/**
 * One line of code, safe to print within a line that begins with something else: as it is, but for what acts on a terminal or build log, or
 * cannot be seen. Backslashes stay single and tabs become the columns that they stand for, as people expect of code; so
 * unlike {@link displayText} it may show two different texts alike.
 */
export function displayCode(raw: RawText, limit: number): string {
  const cut = cutAt(raw, limit);
  const visible = cut
    .replace(ALL_UNSAFE, (character) =>
      character === "\\" || character === "\t" ? character : visibleEscape(character),
    )
    .replace(/##(?=\w*\[)/g, "#\\#");
  const text = visible.includes("\t") ? expandTabs(visible) : visible;
  return cut.length === raw.length ? text : `${text}… (${raw.length - cut.length} more characters)`;
}

function expandTabs(text: string): string {
  let line = "";
  for (const part of text.split(/(\t)/))
    line += part === "\t" ? " ".repeat(TAB_WIDTH - (line.length % TAB_WIDTH)) : part;
  return line;
}

/** True when {@link displayText} would show the text as it is: such text can name a file in an annotation. */
export function isPlainText(raw: RawText): boolean {
  return displayText(raw, raw.length) === raw;
}

/** The first `limit` UTF-16 units, never half a surrogate pair. */
function cutAt(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  const next = text.charCodeAt(limit);
  const isSplit = last >= 0xd800 && last <= 0xdbff && next >= 0xdc00 && next <= 0xdfff;
  return text.slice(0, isSplit ? limit - 1 : limit);
}

const SHORT: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function visibleEscape(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
