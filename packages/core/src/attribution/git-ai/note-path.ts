// SPDX-License-Identifier: Apache-2.0

export const DIVIDER = "---";

/** Quoted if it holds a blank, a tab or a line feed, without any escaping: git-ai's own rule. */
export function formatNotePath(path: string): string {
  return /[ \t\n]/.test(path) ? `"${path}"` : path;
}

/** The path on a file line from which trailing white space is gone. */
export function parseNotePath(line: string): string {
  // A single quote mark begins and ends with one, too; git-ai stops there, and nothing is between.
  return line.length > 1 && line.startsWith('"') && line.endsWith('"') ? line.slice(1, -1) : line;
}

/**
 * Why a path cannot stand in a note so that every reader finds it again; undefined where it can. The format has no
 * escapes, and one bad line costs the whole note, so such files are left out and reported.
 */
export function findPathObstacle(path: string): string | undefined {
  if (!path.isWellFormed()) return "its path is not UTF-8";
  if (/[\n\r]/.test(path)) return "its path holds a line end, and a note is read line by line";
  const line = formatNotePath(path);
  if (line === DIVIDER) return "its path is the note's own divider";
  if (line === '"') return "its path is a quote mark, which ends git-ai's reader";
  const isFound = trimLineEnd(line) === line && !line.startsWith("  ") && parseNotePath(line) === path;
  return isFound ? undefined : "the format cannot tell its path from another one";
}

/** Trailing white space by Unicode's property, as Rust's `trim_end` takes it away; by hand, to stay linear. */
export function trimLineEnd(line: string): string {
  let end = line.length;
  while (end > 0 && isWhiteSpace(line.charCodeAt(end - 1))) end--;
  return line.slice(0, end);
}

function isWhiteSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return /^\p{White_Space}$/u.test(String.fromCharCode(code));
}
