// SPDX-License-Identifier: Apache-2.0
import { trimBlanks } from "./line-key.ts";

/** How often each line stands in a text, however indented; by the line without white space around it. */
export function countTexts(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of lines.map(trimBlanks)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
