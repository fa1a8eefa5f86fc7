// SPDX-License-Identifier: Apache-2.0
// Lines hold UTF-8 bytes as latin1 characters, so every pattern here speaks of bytes. White space is ASCII only: `\s`
// would take the byte A0, which is half of many a letter.

/**
 * A word of ASCII and two-byte letters (Latin, Greek, Cyrillic, Arabic, …), one three- or four-byte character (most
 * others write without blanks), or one mark.
 */
const TOKEN =
  /(?:[A-Za-z0-9_$]|[\xc3-\xdf][\x80-\xbf])+|[\xe0-\xf4][\x80-\xbf]{1,3}|[\x21-\x7e]|[\x80-\xff]/g;
const WORD = /^(?:[A-Za-z0-9_$]|[\xc3-\xdf][\x80-\xbf])/;
/** Letters of the longer kind; E2 leads to punctuation, arrows and boxes. */
const WIDE_LETTER = /^[\xe0\xe1\xe3-\xf4]/;

/** Words that every program repeats: they tell nothing about who wrote a line. */
const COMMON_WORDS = new Set(
  (
    "abstract and as async await begin bool boolean break byte case catch char class const continue def default del " +
    "delete do done double elif else elseif end endif ensure enum err error esac except export extends false fi final " +
    "finally float fn for foreach from func function global go goto if implements import in init int interface is it " +
    "lambda let long loop match mod module mut namespace new next nil no none not null ok on or override package pass " +
    "private protected pub public raise ref rescue result return self short static str string struct super switch then " +
    "this throw throws true try type undefined union unless unsafe until use using val value var void when where while " +
    "with yes yield"
  ).split(" "),
);

/** Of a longer line, which no person wrote, only the beginning is looked at; one endless word would exhaust the stack. */
const LONGEST = 10_000;

export function toTokens(line: string): readonly string[] {
  return line.slice(0, LONGEST).match(TOKEN) ?? [];
}

/** How often each stands in a line. */
export function countTokens(line: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const token of toTokens(line)) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}

export function isCommonWord(token: string): boolean {
  return COMMON_WORDS.has(token.toLowerCase());
}

export function isWord(token: string): boolean {
  return WORD.test(token) || WIDE_LETTER.test(token);
}

/** Least bytes of words of its own that make a line worth recognising. */
const LEAST_OWN_BYTES = 3;

/**
 * Whether a line says enough to be recognised elsewhere. `}`, `return null;`, `else {` and blank lines do not: that
 * two files have them means nothing.
 */
export function isSignificant(line: string): boolean {
  let own = 0;
  for (const token of toTokens(line)) {
    if (isWord(token) && !isCommonWord(token)) own += token.length;
    if (own >= LEAST_OWN_BYTES) return true;
  }
  return false;
}

/** Bytes of own words, up to the whole line: how much recognising the line proves. */
export function countOwnBytes(line: string): number {
  return toTokens(line).reduce(
    (sum, token) => sum + (isWord(token) && !isCommonWord(token) ? token.length : 0),
    0,
  );
}
