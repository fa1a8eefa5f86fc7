// SPDX-License-Identifier: Apache-2.0
import { type Origin, UNKNOWN } from "./origin.ts";

/**
 * Content of one file with the origin of each line. Lines hold raw bytes as latin1 characters (one character a byte),
 * each with its own line end; only the last may lack one. `lines.join("")` is the content.
 */
export interface AttributedText {
  readonly lines: readonly string[];
  /** As long as `lines`. */
  readonly origins: readonly Origin[];
}

export const EMPTY_TEXT: AttributedText = { lines: [], origins: [] };

/** Lines with their ends kept. A lone CR ends no line, as in Git. */
export function splitLines(content: string): readonly string[] {
  const lines: string[] = [];
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf("\n", start);
    const next = end < 0 ? content.length : end + 1;
    lines.push(content.slice(start, next));
    start = next;
  }
  return lines;
}

/** Content that one writer made, or that nobody is known to have made. */
export function attributeAll(content: string, origin: Origin = UNKNOWN): AttributedText {
  const lines = splitLines(content);
  return { lines, origins: lines.map(() => origin) };
}
