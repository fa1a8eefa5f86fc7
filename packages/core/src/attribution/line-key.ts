// SPDX-License-Identifier: Apache-2.0

const BLANKS = /[\t-\r ]+/g;
const LETTER = /[A-Za-z0-9_$\x80-\xff]/;

/**
 * The line without the white space that no token needs: equal for lines that differ in indentation, alignment or line
 * end, different for `a b` and `ab`.
 */
export function toLineKey(line: string): string {
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

const TABLE_RULE = /^[|:+-]*--[|:+-]*$/;

/**
 * The line as a formatter sees it that may add a trailing comma or semicolon, choose quotes, and draw the rule of a
 * table as long as it likes.
 */
export function toStyleKey(line: string): string {
  const key = toLineKey(line);
  if (TABLE_RULE.test(key)) return key.replace(/-+/g, "-");
  return key
    .replace(/[,;]+$/, "")
    .replace(/,(?=[)\]}])/g, "")
    .replace(/\\?["'`]/g, "'")
    .replace(/\(([\w$]+)\)(?==>)/g, "$1");
}

const COMMENT_MARK = /^[\t-\r ]*(?:\/\/+|#+|\*+(?!\/)|>+|--+)(?=[\t-\r ])/;

/**
 * What is left of a line when a formatter may break it anywhere: also without commas, semicolons, bars, round brackets,
 * the marks that begin a line of a comment, and the case of letters. Only for comparing several lines with several.
 */
export function toFlowText(line: string): string {
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
