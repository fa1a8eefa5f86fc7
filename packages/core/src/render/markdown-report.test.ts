// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toUtf8 } from "../ids/index.ts";
import { formatMarkdownReport, MARKDOWN_LIMIT } from "./markdown-report.ts";
import { EVIL_TEXTS, hostileReport, PASS_REPORT, PENDING_REPORT } from "./sample-report.fixture.ts";

describe("the Markdown summary", () => {
  it("shows verdict, rules, tools, sign-offs and the next command", () => {
    const text = formatMarkdownReport(PENDING_REPORT);
    expect(text).toMatch(/^## 🟡 pending: sign-offs are missing\n/);
    expect(text).toContain("| 🟡 | `ai-senior-sign-off` | 0 of 1 sign\\-offs by a senior<br>");
    expect(text).toContain("| amazon\\-q | 2026\\-03 | 1 |");
    expect(text).toContain("| ❌ | author | approve, not counted |");
    expect(text).toContain("`countersign approve --base");
    expect(formatMarkdownReport(PASS_REPORT)).not.toContain("countersign approve");
  });

  it("stays within the limit of bytes and says what it left out", () => {
    const [commit] = PENDING_REPORT.commits;
    if (commit === undefined) throw new Error("the sample has one");
    const commits = Array.from({ length: 5000 }, (_, i) => ({ ...commit, title: `漢字 ${i}` }));
    const text = formatMarkdownReport({ ...PENDING_REPORT, commits });
    expect(toUtf8(text).length).toBeLessThanOrEqual(MARKDOWN_LIMIT);
    expect(toUtf8(text).length).toBeGreaterThan(MARKDOWN_LIMIT - 1000);
    expect(text).toMatch(/\*\*Truncated:\*\* \d{4} more lines did not fit/);
    expect(text).toContain("evaluated 2026");
    expect(formatMarkdownReport(PENDING_REPORT)).not.toContain("Truncated");
  });

  it("stays within the limit whatever was written (T62)", () => {
    for (const evil of EVIL_TEXTS) {
      const report = hostileReport(evil.repeat(50_000).slice(0, 1_048_576));
      const wide = { ...report, findings: Array.from({ length: 300 }, () => report.findings).flat() };
      expect(toUtf8(formatMarkdownReport(wide)).length).toBeLessThanOrEqual(MARKDOWN_LIMIT);
    }
  });

  it("has no tag but its own, no extra line and no extra cell, whatever was written (T62)", () => {
    const lineCount = formatMarkdownReport(hostileReport("x")).split("\n").length;
    const texts = fc.oneof(fc.constantFrom(...EVIL_TEXTS), fc.string({ unit: "binary", maxLength: 100 }));
    fc.assert(
      fc.property(texts, (evil) => {
        const text = formatMarkdownReport(hostileReport(evil));
        expect(text.split("\n")).toHaveLength(lineCount);
        const outsideCode = text.replace(/(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
        expect(outsideCode.replace(/<\/?sub>|<\/?code>|<br>/g, "")).not.toMatch(/[<>]|(?<!\\)[@[\]]/);
        for (const row of text.split("\n").filter((line) => line.startsWith("| "))) {
          expect([3, 4]).toContain(row.split("|").length - 2);
        }
      }),
      { numRuns: 500 },
    );
  });
});
