// SPDX-License-Identifier: Apache-2.0

/** Lines that end what an earlier line began, in the languages people and agents write most. */
const CLOSES =
  /^[\t-\r ]*(?:[)\]}>]|<\/|(?:end|fi|done|esac|endif|endfor|endwhile|else|elif|catch|finally)\b)/i;
const OPENS = /(?:[([{:]|\b(?:do|then|begin))[\t-\r ]*$/;
const BLANK = /^[\t-\r ]*$/;
const TAB = 8;
const DEEPEST = 80;

/**
 * How little the place before line `index` looks like the edge of a block; lower is better. Shallow indentation, a
 * blank line and the ends of the file are good edges; between an opening and its content, or before a closing, are
 * bad ones. The idea is that of Git's indent heuristic, the weights are our own.
 */
export function splitCost(lines: readonly string[], index: number): number {
  if (index <= 0 || index >= lines.length) return 0;
  const next = lines[index] as string;
  const previous = lines[index - 1] as string;
  return (
    findIndent(lines, index) +
    (CLOSES.test(next) ? 3 : 0) +
    (OPENS.test(previous) ? 2 : 0) -
    (BLANK.test(previous) ? 1 : 0)
  );
}

/** Indentation in columns of the first line from `index` on that is not blank; a run of blank lines has its follower's. */
function findIndent(lines: readonly string[], index: number): number {
  const FARTHEST = 20;
  const line = lines.slice(index, index + FARTHEST).find((candidate) => !BLANK.test(candidate)) ?? "";
  let columns = 0;
  for (const character of line) {
    if (character === "\t") columns += TAB - (columns % TAB);
    else if (character === " ") columns++;
    else break;
    if (columns >= DEEPEST) break;
  }
  return columns;
}
