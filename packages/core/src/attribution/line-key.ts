// SPDX-License-Identifier: Apache-2.0

const BLANKS = /[\t-\r ]+/g;
/** Nobody formats a longer line within itself: it is minified code, or data. */
const LONGEST = 20_000;
const LETTER = /[A-Za-z0-9_$\x80-\xff]/;
/** The three bytes by which a file may say that it is UTF-8. */
const BYTE_ORDER_MARK = "\xef\xbb\xbf";

/**
 * The line without the white space that no token needs: equal for lines that differ in indentation, alignment, line
 * end or a byte order mark, different for `a b` and `ab`.
 */
export function toLineKey(marked: string): string {
  const line = marked.startsWith(BYTE_ORDER_MARK) ? marked.slice(BYTE_ORDER_MARK.length) : marked;
  if (line.length > LONGEST) return trimBlanks(line);
  return line.replace(BLANKS, (blanks: string, at: number) => {
    const end = at + blanks.length;
    return at > 0 &&
      LETTER.test(line[at - 1] as string) &&
      end < line.length &&
      LETTER.test(line[end] as string)
      ? " "
      : "";
  });
}

const TABLE_MARKS = /^[|:+-]+$/;

/**
 * The line as a formatter sees it that may add a trailing comma or semicolon, choose quotes, and draw the rule of a
 * table as long as it likes.
 */
export function toStyleKey(line: string): string {
  const key = toLineKey(line);
  if (line.length > LONGEST) return key;
  if (TABLE_MARKS.test(key)) return key.replace(/-+/g, "-");
  return trimMarks(key)
    .replace(/,(?=[)\]}])/g, "")
    .replace(/\\?["'`]/g, "'")
    .replace(/\(([\w$]+)\)(?==>)/g, "$1");
}

/** By hand: a pattern that ends in `$` takes time quadratic in the marks of a line made to hurt. */
function trimMarks(key: string): string {
  let end = key.length;
  while (end > 0 && (key[end - 1] === "," || key[end - 1] === ";")) end--;
  return key.slice(0, end);
}

const COMMENT_MARK = /^[\t-\r ]*(?:\/\/+|#+|\*+(?!\/)|>+|--+)(?=[\t-\r ])/;

/**
 * What is left of a line when a formatter may break it anywhere: also without commas, semicolons, bars, round brackets,
 * the marks that begin a line of a comment, and the case of letters. Only for comparing several lines with several.
 */
export function toFlowText(line: string): string {
  if (line.length > LONGEST) return trimBlanks(line);
  return toLineKey(
    line
      .replace(COMMENT_MARK, " ")
      .replace(/[,;()|]/g, " ")
      .replace(/\\?["'`]/g, "'")
      .toLowerCase(),
  );
}

export function isLetter(character: string | undefined): boolean {
  return character !== undefined && LETTER.test(character);
}

/** Without ASCII white space at either end; `trim` would also take the byte A0. */
export function trimBlanks(line: string): string {
  let [start, end] = [0, line.length];
  while (start < end && isBlank(line.charCodeAt(start))) start++;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
