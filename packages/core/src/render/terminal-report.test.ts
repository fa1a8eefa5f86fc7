// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PLAIN_PALETTE } from "./palette.ts";
import { EVIL_TEXTS, hostileReport, PASS_REPORT, PENDING_REPORT } from "./sample-report.fixture.ts";
import { formatTerminalReport } from "./terminal-report.ts";
import { displayWidth } from "./text-layout.ts";

const OPTIONS = { palette: PLAIN_PALETTE, width: 80 };

describe("the verdict on a terminal", () => {
  it("says what is missing, who can give it and which command to run", () => {
    const text = formatTerminalReport(PENDING_REPORT, OPTIONS);
    expect(text).toMatch(/^● PENDING {2}sign-offs are missing\n/);
    expect(text).toContain("2 commits, 1 of them AI-assisted");
    expect(text).toContain("● ai-senior-sign-off: 0 of 1 sign-offs by a senior");
    expect(text).toContain("missing 1 × senior: could be given by senior-one, senior-two");
    expect(text).toContain("files deploy/main.tf");
    expect(text).toMatch(/amazon-q +2026-03 +1/);
    expect(text).toContain("✘ author approve, not counted: the signer is an author of the change");
    const { base, head } = PENDING_REPORT;
    expect(text).toContain(
      `\n  countersign approve --base ${base} --head ${head} --target refs/heads/main --key ~/.ssh/id_ed25519\n`,
    );
  });

  it("puts what stops the change before what is satisfied", () => {
    const reversed = { ...PENDING_REPORT, findings: [...PENDING_REPORT.findings].reverse() };
    const text = formatTerminalReport(reversed, OPTIONS);
    expect(text.indexOf("ai-senior-sign-off")).toBeLessThan(text.indexOf("dco"));
  });

  it.each(["error", "denied"] as const)(
    "does not say of commits nobody read that no AI is declared: %s",
    (verdict) => {
      const text = formatTerminalReport({ ...PENDING_REPORT, verdict, commits: [], change: {} }, OPTIONS);
      expect(text).toContain("its commits were not judged");
      expect(text).not.toContain("no AI declared");
    },
  );

  it("offers no command where none helps", () => {
    expect(formatTerminalReport(PASS_REPORT, OPTIONS)).not.toContain("countersign approve");
    expect(formatTerminalReport({ ...PENDING_REPORT, verdict: "denied" }, OPTIONS)).not.toContain(
      "countersign approve",
    );
  });

  it("quotes a branch whose name is a command", () => {
    const text = formatTerminalReport({ ...PENDING_REPORT, target: "refs/heads/$(id)'x" }, OPTIONS);
    expect(text).toContain(`--target 'refs/heads/$(id)'\\''x' --key`);
  });

  it("paints with the given palette only", () => {
    const palette = { ...PLAIN_PALETTE, wait: (text: string) => `<${text}>` };
    expect(formatTerminalReport(PENDING_REPORT, { palette, width: 80 })).toMatch(/^<● PENDING>/);
  });

  it.each([48, 60, 80, 200])("stays within %i columns, the command excepted", (width) => {
    for (const evil of EVIL_TEXTS) {
      const lines = formatTerminalReport(hostileReport(evil.repeat(40)), {
        palette: PLAIN_PALETTE,
        width,
      }).split("\n");
      const long = lines
        .slice(2)
        .filter((line) => displayWidth(line) > width && !line.includes("countersign approve"));
      expect(long).toEqual([]);
    }
  });

  it("lets no outside text act on the terminal or the build log (T62)", () => {
    const texts = fc.oneof(fc.constantFrom(...EVIL_TEXTS), fc.string({ unit: "binary", maxLength: 400 }));
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 120 }), (evil, width) => {
        const text = formatTerminalReport(hostileReport(evil), { palette: PLAIN_PALETTE, width });
        expect(text.replaceAll("\n", "").replace(/(?<=\p{Extended_Pictographic})\ufe0f/gu, "")).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u,
        );
        expect(text).not.toMatch(/^\s*::|##\w*\[/m);
      }),
      { numRuns: 500 },
    );
  });

  it("bounds a megabyte of title, ten thousand commits and ten thousand files", () => {
    const many = hostileReport("x".repeat(1_048_576));
    expect(formatTerminalReport(many, OPTIONS).length).toBeLessThan(60_000);
    const [finding] = PENDING_REPORT.findings;
    const [commit] = PENDING_REPORT.commits;
    if (finding === undefined || commit === undefined) throw new Error("the sample has both");
    const wide = {
      ...PENDING_REPORT,
      findings: [{ ...finding, files: Array.from({ length: 10_000 }, (_, i) => `f${i}`) }],
      commits: Array.from({ length: 10_000 }, () => commit),
    };
    const text = formatTerminalReport(wide, OPTIONS);
    expect(text).toContain("and 9995 more");
    expect(text).toContain("… and 9980 more");
    expect(text.length).toBeLessThan(10_000);
  });
});
