// SPDX-License-Identifier: Apache-2.0

/** How often a text has each of its lines. */
export interface LineTally {
  readonly of: ReadonlyMap<string, number>;
  readonly total: number;
}

export function tallyLines(lines: readonly string[]): LineTally {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return { of: counts, total: lines.length };
}

/** Lines that another text has too, each as often as both have it. */
export function findCommon(lines: readonly string[], { of }: LineTally): readonly string[] {
  const used = new Map<string, number>();
  return lines.filter((line) => {
    const most = of.get(line);
    if (most === undefined) return false;
    const count = (used.get(line) ?? 0) + 1;
    used.set(line, count);
    return count <= most;
  });
}
