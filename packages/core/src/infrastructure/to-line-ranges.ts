// SPDX-License-Identifier: Apache-2.0
import type { LineRange } from "./configuration-value.ts";

/** Line numbers as ascending ranges that do not touch. */
export function toLineRanges(lines: readonly number[]): readonly LineRange[] {
  const ranges: [number, number][] = [];
  for (const line of [...new Set(lines)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && line === last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges;
}
