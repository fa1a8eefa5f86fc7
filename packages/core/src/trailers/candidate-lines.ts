// SPDX-License-Identifier: Apache-2.0
import { FOOTER_WORDS } from "./footer-line.ts";
import type { MarkerKind } from "./marker.ts";
import { KEYS, TOOLS } from "./registry.ts";

/** First words of any attribution line; everything else is rejected after its first word. */
const FIRST_WORDS = new Set<string>([...FOOTER_WORDS, "ai", "this", "with", "author", "cherry"]);
const KEY_KINDS: readonly string[] = ["session-key", "vendor-key"] satisfies readonly MarkerKind[];
const TOOL_KEYS = TOOLS.flatMap((tool) => tool.markers.filter(([kind]) => KEY_KINDS.includes(kind)));
for (const key of [...KEYS.map((it) => it.key), ...TOOL_KEYS.map(([, pattern]) => pattern)]) {
  FIRST_WORDS.add(/^[a-z0-9]*/.exec(key)?.[0] ?? "");
  FIRST_WORDS.add(key.replaceAll("-", ""));
}

const WORD_LIMIT = Math.max(...[...FIRST_WORDS].map((word) => word.length));
/** A letter may begin an attribution line: most words of a message are rejected here. */
const FIRST_LETTERS = new Uint8Array(128);
for (const word of FIRST_WORDS) FIRST_LETTERS[word.charCodeAt(0)] = 1;
/** First two characters and length of every such word: an ordinary word is rejected without being cut out. */
const SHAPES = new Uint8Array(1 << 15);
for (const word of FIRST_WORDS) SHAPES[shapeOf(word.charCodeAt(0), word.charCodeAt(1), word.length)] = 1;

/** Five bits of each, which a capital shares with its small letter; different words may share a shape. */
function shapeOf(first: number, second: number, length: number): number {
  return (first & 31) | ((length < 2 ? 0 : second & 31) << 5) | (Math.min(length, 31) << 10);
}

const LETTER_T = 116;
const LETTER_F = 102;
const LETTER_W = 119;
/** `This`, `for` and `with` begin every other paragraph; only what they go on with tells. */
const COMMON =
  /^(?:this (?:reverts commit|pr|mr|pull|merge|commit|change|patch|code|fix|work)|for more|with (?:the |some )?(?:help|assistance|aid)|written)\b/i;
/** Blanks, list marks, quotes and brackets before the first word. */
const LEADING = new Uint8Array(128);
for (const mark of " \t*-+_`>#|[(\"'") LEADING[mark.charCodeAt(0)] = 1;

/** What one look at the start of every line tells. */
export interface FirstLook {
  /** Offset of the first line that may hold attribution, the message's length where there is none. */
  readonly candidate: number;
  /** 1-based number of that line. */
  readonly number: number;
  /** A line after the first begins with a tab or four blanks. */
  readonly hasIndent: boolean;
}

/**
 * Finds where attribution may begin: too early, never too late. Runs over every commit of a scan, so it reads each
 * line's first characters and allocates only for words that pass three tables.
 */
export function lookOver(message: string): FirstLook {
  let candidate = message.length;
  let number = 1;
  let hasIndent = false;
  for (let start = 0; start < message.length; ) {
    const code = message.charCodeAt(start);
    if (code === TAB || (code === SPACE && message.startsWith("    ", start))) hasIndent ||= start > 0;
    if (candidate === message.length && isCandidateAt(message, start)) candidate = start;
    start = message.indexOf("\n", start) + 1;
    if (start === 0) break;
    if (candidate === message.length) number++;
  }
  return { candidate, number, hasIndent };
}

const TAB = 0x09;
const SPACE = 0x20;

export function isCandidateAt(message: string, lineStart: number): boolean {
  let at = lineStart;
  let code = message.charCodeAt(at);
  while (code < 128 && LEADING[code] === 1) code = message.charCodeAt(++at);
  if (code >= 128) return true;
  const lower = code | 0x20;
  if (lower < 97 || lower > 122 || FIRST_LETTERS[lower] !== 1) return false;
  let end = at + 1;
  for (; end - at <= WORD_LIMIT; end++) {
    code = message.charCodeAt(end);
    if (code >= 128) return true;
    const letter = code | 0x20;
    if (!((letter >= 97 && letter <= 122) || (code >= 48 && code <= 57))) break;
  }
  const length = end - at;
  if (length > WORD_LIMIT || SHAPES[shapeOf(lower, message.charCodeAt(at + 1), length)] !== 1) return false;
  if (!FIRST_WORDS.has(message.slice(at, end).toLowerCase())) return false;
  const isCommon = lower === LETTER_T || lower === LETTER_F || lower === LETTER_W;
  return !isCommon || COMMON.test(message.slice(at, at + 24));
}
