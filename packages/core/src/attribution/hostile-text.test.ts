// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { attributeLines } from "./attribute-lines.ts";
import { fingerprintLine } from "./fingerprint.ts";
import { matchFingerprints } from "./match-fingerprints.ts";
import { ORIGINS } from "./origins.fixture.ts";

const LIMIT_MS = 45_000;
const repeat = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i));

describe("attribution of texts that were made to hurt", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      "lines that begin alike and never end together",
      repeat(3000, () => `${"foobarbaz ".repeat(97)}\n`),
      repeat(3000, () => `${"foobarbaz ".repeat(101)}\n`),
    ],
    [
      "one line, repeated",
      repeat(50_000, () => "same line\n"),
      repeat(50_000, (i) => (i % 2 ? "same line\n" : "new\n")),
    ],
    ["one endless word", [`${"x".repeat(10_000_000)}\n`], [`${"x".repeat(10_000_000)}y\n`]],
    ["one endless sentence", [`${"ab cd ".repeat(1_000_000)}\n`], [`${"ab cd ".repeat(1_000_000)}y\n`]],
    ["endless white space", [`${" ".repeat(2_000_000)}x\n`], [`${" ".repeat(2_000_000)}y\n`]],
    ["endless commas", [`x${",".repeat(1_000_000)}z\n`], [`y${",".repeat(1_000_000)}z\n`]],
    ["endless dashes", [`${"-".repeat(1_000_000)}x\n`], [`${"-".repeat(1_000_000)}\n`]],
    ["brackets that never close", repeat(50_000, () => "(((((\n"), repeat(50_000, () => ")))))\n")],
    [
      "short periods",
      repeat(20_000, (i) => `line number ${i % 100}\n`),
      repeat(20_000, (i) => `line number ${(i * 7) % 100} \n`),
    ],
    ["binary content", repeat(5000, (i) => `\0\x01\xff${i}\n`), repeat(5000, (i) => `\0\x01\xfe${i}\n`)],
  ])("is done in time: %s", (_, before, after) => {
    const old = { lines: before, origins: before.map(() => ORIGINS.A) };
    const start = process.cpuUsage().user / 1000;
    const result = attributeLines(
      after,
      [old, { ...old, origins: before.map(() => ORIGINS.h) }],
      ORIGINS["?"],
    );
    expect(result.origins).toHaveLength(after.length);
    expect(process.cpuUsage().user / 1000 - start).toBeLessThan(LIMIT_MS);
  });

  it("is done in time: records whose lines are all alike", () => {
    const lines = repeat(20_000, () => "same(line, everywhere);\n");
    const print = fingerprintLine(lines[0] as string);
    const ranges = repeat(200, () => print);
    const candidates = repeat(50, () => "same-path").map(() => ({
      closeness: "same-path" as const,
      ranges: [{ first: 1, last: 200, origin: ORIGINS.A, fingerprints: ranges }],
    }));
    const start = process.cpuUsage().user / 1000;
    const found = matchFingerprints(lines, candidates, () => true).filter((one) => one !== undefined);
    expect(found.length).toBeGreaterThanOrEqual(200);
    expect(process.cpuUsage().user / 1000 - start).toBeLessThan(LIMIT_MS);
  });
});
