// SPDX-License-Identifier: Apache-2.0

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff00-\uff60\uffe0-\uffe6]/u;
const ZERO = /\p{M}|\ufe0f/u;

/** Columns that a terminal gives to text which is already safe to display (no control characters). */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    width += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Text in exactly `width` columns: padded on the right, or cut with an ellipsis. */
export function fitText(text: string, width: number): string {
  const actual = displayWidth(text);
  if (actual <= width) return text + " ".repeat(width - actual);
  let fitted = "";
  let used = 0;
  for (const character of text) {
    const columns = displayWidth(character);
    if (used + columns > width - 1) break;
    fitted += character;
    used += columns;
  }
  return `${fitted}…${" ".repeat(Math.max(0, width - 1 - used))}`;
}

/** Lines of at most `width` columns, broken at spaces; a longer word is split, never lost. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((part) => splitWord(part, width))) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (line !== "" && displayWidth(joined) > width) {
      lines.push(line);
      line = word;
    } else {
      line = joined;
    }
  }
  return [...lines, line];
}

function splitWord(word: string, width: number): string[] {
  if (displayWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = "";
  let used = 0;
  for (const character of word) {
    const columns = displayWidth(character);
    if (used + columns > width && part !== "") {
      parts.push(part);
      part = "";
      used = 0;
    }
    part += character;
    used += columns;
  }
  return [...parts, part];
}

/** Columns aligned by their widest cell, two spaces apart; `width` is what the last column may fill up to. */
export function formatColumns(rows: readonly (readonly string[])[], width: number): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell));
    });
  }
  const last = widths.length - 1;
  const before = widths.slice(0, last).reduce((sum, columns) => sum + columns + 2, 0);
  widths[last] = Math.max(8, Math.min(widths[last] ?? 0, width - before));
  return rows.map((row) =>
    row
      .map((cell, i) => fitText(cell, widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
