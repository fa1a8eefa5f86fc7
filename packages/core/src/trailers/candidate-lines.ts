// SPDX-License-Identifier: Apache-2.0
import { FOOTER_WORDS } from "./footer-line.ts";
import type { MarkerKind } from "./marker.ts";
import { KEYS, TOOLS } from "./registry.ts";

/** First words of any attribution line; everything else is rejected after its first word. */
const FIRST_WORDS = new Set<string>([...FOOTER_WORDS, "ai", "this", "author", "cherry"]);
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
const LETTER_T = 116;
/** `This` begins every other paragraph; only what it goes on with tells. */
const THIS = /^this (?:reverts commit|pr|mr|pull|merge|commit|change|patch|code|fix|work)\b/i;
/** Blanks, list marks, quotes and brackets before the first word. */
const LEADING = new Uint8Array(128);
for (const mark of " \t*-+_`>#|[(\"'") LEADING[mark.charCodeAt(0)] = 1;

/**
 * Whether any line of the message may hold attribution. Answers true too often, never too seldom; runs over every
 * commit of a scan, so it reads each line's first characters and allocates only for words that pass two tables.
 */
export function hasCandidateLine(message: string): boolean {
  if (message.includes("\\n")) return true;
  for (let start = 0; start < message.length; ) {
    if (isCandidateAt(message, start)) return true;
    const next = message.indexOf("\n", start);
    if (next < 0) return false;
    start = next + 1;
  }
  return false;
}

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
  if (end - at > WORD_LIMIT || !FIRST_WORDS.has(message.slice(at, end).toLowerCase())) return false;
  return lower !== LETTER_T || THIS.test(message.slice(at, at + 24));
}
