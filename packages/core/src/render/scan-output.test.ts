// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PLAIN_PALETTE } from "./palette.ts";
import { formatSafeJson } from "./safe-json.ts";
import { EVIL_TEXTS } from "./sample-report.fixture.ts";
import { formatScanRecord, formatScanRow, type ScanRecord, toClaimedTime } from "./scan-record.ts";
import { formatScanSummary, type ScanSummary } from "./scan-summary.ts";
import { displayWidth, wrapText } from "./text-layout.ts";

const RECORD: ScanRecord = {
  commit: "a".repeat(40),
  tree: "b".repeat(40),
  parents: [],
  title: "add a parser",
  authoredAt: "2026-03-01T12:00:00Z",
  committedAt: "2026-03-01T12:00:00Z",
  state: "declared",
  assistance: [
    {
      tool: "cursor",
      vendor: null,
      model: "gpt-4o",
      modelRaw: "GPT-4o",
      extent: null,
      convention: "ai-assisted",
      evidence: "declared",
      line: 3,
    },
  ],
  coverage: null,
  warnings: [],
};

const SUMMARY: ScanSummary = {
  commits: 4,
  byState: { recorded: 0, declared: 1, signalled: 0, cleared: 0, unknown: 3 },
  byTool: new Map([["cursor", 1]]),
  byModel: new Map([["gpt-4o", 1]]),
  byMonth: new Map([["2026-03", { commits: 4, assisted: 1 }]]),
  byCoverage: { whole: 0, partial: 0, none: 4 },
  byWarning: new Map(),
};

describe("a scanned commit", () => {
  it("is one line of JSON with the documented keys", () => {
    const line = formatScanRecord(RECORD);
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(Object.keys(JSON.parse(line)).join()).toBe(
      "commit,tree,parents,title,authoredAt,committedAt,state,assistance,coverage,warnings",
    );
  });

  it("has the very bytes that the safe form of the whole value has, whatever its texts", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...EVIL_TEXTS));
    const shape = fc.record({
      parents: fc.array(fc.stringMatching(/^[0-9a-f]{40}$/), { maxLength: 3 }),
      title: text,
      authoredAt: fc.constantFrom(null, "2026-03-01T12:00:00Z"),
      coverage: fc.constantFrom(null, "whole" as const, "partial" as const),
      warnings: fc.array(fc.record({ code: fc.constant("contradictory-claim" as const), message: text }), {
        maxLength: 2,
      }),
      modelRaw: text,
    });
    fc.assert(
      fc.property(shape, ({ modelRaw, ...rest }) => {
        const assistance = RECORD.assistance.map((claim) => ({ ...claim, modelRaw }));
        const record: ScanRecord = { ...RECORD, ...rest, assistance };
        expect(formatScanRecord(record)).toBe(`${formatSafeJson(record)}\n`);
      }),
    );
  });

  it("is one row that fits, whatever its title says (T62)", () => {
    for (const title of EVIL_TEXTS) {
      const row = formatScanRow({ ...RECORD, title: title.repeat(50) }, 100);
      expect(displayWidth(row)).toBeLessThanOrEqual(100);
      expect(row.replace(/(?<=\p{Extended_Pictographic})\ufe0f/gu, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
    expect(formatScanRow(RECORD, 100)).toBe(
      "aaaaaaaaaaaa  2026-03-01  declared   cursor/gpt-4o                 add a parser",
    );
  });

  it.each([
    [0, "1970-01-01T00:00:00Z"],
    [-1, "1969-12-31T23:59:59Z"],
    [253_402_300_799, "9999-12-31T23:59:59Z"],
    [253_402_300_800, null],
    [-62_167_219_201, null],
    [2 ** 63, null],
    [Number.NaN, null],
  ])("shows the claimed second %d as %s", (seconds, text) => {
    expect(toClaimedTime(seconds)).toBe(text);
  });
  it("shows every moment as Date does", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }), (seconds) => {
        expect(toClaimedTime(seconds)).toBe(`${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("the summary of a scan", () => {
  it("shows shares by state, tool, model and month", () => {
    const text = formatScanSummary(SUMMARY, { palette: PLAIN_PALETTE, width: 100 });
    expect(text).toMatch(/declared +█{6} +1 +25\.0 %/);
    expect(text).toMatch(/unknown +█{18} +3 +75\.0 % +no evidence either way; not counted as human/);
    expect(text).toMatch(/2026-03 +█{6} +1 +25\.0 % +of 4/);
  });

  it("shows how far the recorder saw, where there is one", () => {
    const show = (byCoverage: ScanSummary["byCoverage"]) =>
      formatScanSummary({ ...SUMMARY, byCoverage }, { palette: PLAIN_PALETTE, width: 100 });
    const text = show({ whole: 2, partial: 1, none: 1 });
    expect(text).toMatch(/whole +█{12} +2 +50\.0 % +the recorder saw the whole change/);
    expect(text).toMatch(/partial +█{6} +1 +25\.0 % +it saw a part/);
    expect(text).toMatch(/none +█{6} +1 +25\.0 % +it was not there/);
    expect(show({ whole: 0, partial: 0, none: 4 })).not.toContain("coverage");
  });

  it("counts what it does not list", () => {
    const byTool = new Map(Array.from({ length: 30 }, (_, i) => [`tool-${i}`, 1] as const));
    expect(formatScanSummary({ ...SUMMARY, byTool }, { palette: PLAIN_PALETTE, width: 80 })).toContain(
      "and 18 more",
    );
  });

  it("says so where there is nothing", () => {
    const none = { ...SUMMARY, commits: 0 };
    expect(formatScanSummary(none, { palette: PLAIN_PALETTE, width: 80 })).toBe("no commits in this range\n");
  });
});

describe("wrapped text", () => {
  it("keeps every character but the spaces at its breaks, within the width", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "bc", " ", "漢", "🤖") }),
        fc.integer({ min: 2, max: 30 }),
        (text, width) => {
          const lines = wrapText(text, width);
          expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
          for (const line of lines) expect(displayWidth(line.trimEnd())).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
