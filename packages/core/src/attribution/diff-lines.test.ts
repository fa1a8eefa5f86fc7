// SPDX-License-Identifier: Apache-2.0

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitLines } from "./attributed-text.ts";
import { diffLines } from "./diff-lines.ts";
import type { LineHunk } from "./line-hunk.ts";

const lines = (text: string) => splitLines(text.replaceAll("|", "\n"));
const apply = (a: readonly string[], b: readonly string[], hunks: readonly LineHunk[]) => {
  const result: string[] = [];
  let at = 0;
  for (const { aStart, aEnd, bStart, bEnd } of hunks) {
    result.push(...a.slice(at, aStart), ...b.slice(bStart, bEnd));
    at = aEnd;
  }
  return [...result, ...a.slice(at)];
};
const cost = (hunks: readonly LineHunk[]) =>
  hunks.reduce((sum, { aStart, aEnd, bStart, bEnd }) => sum + aEnd - aStart + bEnd - bStart, 0);

/** Textbook dynamic programming, quadratic. */
function shortest(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] =
        a[i - 1] === b[j - 1]
          ? (row[j - 1] as number)
          : 1 + Math.min(row[j] as number, next[j - 1] as number);
    }
    row = next;
  }
  return row[b.length] as number;
}

const text = fc.array(fc.constantFrom("a\n", "b\n", "  c\n", "}\n", "\n", "{\n"), { maxLength: 40 });

describe("diffLines", () => {
  it("rebuilds the new text, in hunks that ascend and never touch", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const hunks = diffLines(a, b);
        expect(apply(a, b, hunks)).toEqual(b);
        for (const [i, hunk] of hunks.entries()) {
          expect(hunk.aEnd - hunk.aStart + hunk.bEnd - hunk.bStart).toBeGreaterThan(0);
          const last = hunks[i - 1];
          if (last === undefined) continue;
          expect(hunk.aStart).toBeGreaterThan(last.aEnd);
          expect(hunk.bStart - last.bEnd).toBe(hunk.aStart - last.aEnd);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("finds a shortest script", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(cost(diffLines(a, b))).toBe(shortest(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it("holds with seams anywhere", () => {
    fc.assert(
      fc.property(text, text, fc.array(fc.boolean(), { maxLength: 40 }), (a, b, seams) => {
        const hunks = diffLines(a, b, (index) => seams[index] ?? false);
        expect(apply(a, b, hunks)).toEqual(b);
        expect(cost(hunks)).toBe(shortest(a, b));
      }),
    );
  });

  it.each([
    ["a function after another", "f() {|  x|}|", "f() {|  x|}|g() {|  y|}|", [3, 3, 3, 6]],
    ["a function before another", "g() {|  y|}|", "f() {|  x|}|g() {|  y|}|", [0, 0, 0, 3]],
    ["a function between two", "f() {|}|h() {|}|", "f() {|}|g() {|}|h() {|}|", [2, 2, 2, 4]],
    ["an element of a list", "[|  {|    a|  },|]|", "[|  {|    a|  },|  {|    b|  },|]|", [4, 4, 4, 7]],
    ["a method in Ruby", "def a|  x|end|", "def a|  x|end|def b|  y|end|", [3, 3, 3, 6]],
    ["a deleted function", "f() {|  x|}|g() {|  y|}|", "f() {|  x|}|", [3, 6, 3, 3]],
    ["a deleted function before another", "f() {|  x|}|g() {|  y|}|", "g() {|  y|}|", [0, 3, 0, 0]],
  ])("puts %s where the block is", (_, a, b, [aStart, aEnd, bStart, bEnd]) => {
    expect(diffLines(lines(a), lines(b))).toEqual([{ aStart, aEnd, bStart, bEnd }]);
  });

  it("does not let a new function take the brace of the one before it", () => {
    const hunks = diffLines(lines("f() {|}|"), lines("f() {|  a();|}||g() {|  b();|}|"));
    expect(hunks).toEqual([
      { aStart: 1, aEnd: 1, bStart: 1, bEnd: 2 },
      { aStart: 2, aEnd: 2, bStart: 3, bEnd: 7 },
    ]);
  });

  it("deletes the block of one origin rather than parts of two", () => {
    const a = lines("x|y|x|y|x|");
    expect(diffLines(a, lines("x|y|x|"), (index) => index === 1 || index === 3)).toEqual([
      { aStart: 1, aEnd: 3, bStart: 1, bEnd: 1 },
    ]);
  });
});

describe("diffLines on long texts", () => {
  let seed = 7;
  const chance = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const vocabulary = (size: number) => () => `line ${Math.floor(chance() * size)}\n`;
  const edit = (a: readonly string[], share: number, line: () => string) =>
    a.flatMap((old) => {
      const dice = chance();
      if (dice > share) return [old];
      if (dice < share / 3) return [];
      return dice < (share * 2) / 3 ? [line()] : [old, line()];
    });
  const timed = (a: readonly string[], b: readonly string[]) => {
    const start = process.cpuUsage().user / 1000;
    const hunks = diffLines(a, b);
    const ms = process.cpuUsage().user / 1000 - start;
    expect(apply(a, b, hunks)).toEqual(b);
    return { hunks, ms };
  };

  it.each([
    ["mostly different lines", 1_000_000],
    ["much repeated lines", 3000],
    ["few different lines", 12],
  ])("stays fast over 126,000 lines with 30 %% edits: %s", (_, size) => {
    const line = vocabulary(size);
    const a = Array.from({ length: 126_000 }, line);
    const { ms } = timed(a, edit(a, 0.3, line));
    expect(ms).toBeLessThan(45_000);
  });

  it("stays fast on texts that have all lines in common and none in order", () => {
    const a = Array.from({ length: 60_000 }, (_, i) => `line ${i}\n`);
    expect(timed(a, [...a].reverse()).ms).toBeLessThan(45_000);
    const shuffled = a.map((line) => ({ line, key: chance() })).sort((x, y) => x.key - y.key);
    expect(
      timed(
        a,
        shuffled.map(({ line }) => line),
      ).ms,
    ).toBeLessThan(45_000);
  });

  it("counts as many changed lines as Git does, or fewer", () => {
    if (spawnSync("git", ["--version"]).status !== 0) throw new Error("needs git");
    const folder = mkdtempSync(join(tmpdir(), "diff-lines-"));
    try {
      for (const share of [0.02, 0.2]) {
        const line = vocabulary(2000);
        const a = Array.from({ length: 8000 }, line);
        const b = edit(a, share, line);
        writeFileSync(join(folder, "a"), a.join(""));
        writeFileSync(join(folder, "b"), b.join(""));
        const { stdout } = spawnSync(
          "git",
          ["diff", "--no-index", "--numstat", "--minimal", "--", "a", "b"],
          { cwd: folder, encoding: "utf8" },
        );
        const [added, deleted] = stdout.split("\t").map(Number) as [number, number];
        expect(cost(diffLines(a, b))).toBe(added + deleted);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
