// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { htmlText, markdownCode, markdownText } from "./markup-text.ts";
import { EVIL_TEXTS } from "./sample-report.fixture.ts";

const ANY = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."\\`*_{}[]()#+-.!|<>~@&:;/$^= wa1\n") }),
  fc.constantFrom(...EVIL_TEXTS),
);

/** What CommonMark shows for text in which every mark is escaped: the check that nothing was lost. */
function shownText(markdown: string): string {
  return markdown
    .replaceAll("&#8203;", "")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#124;", "|")
    .replaceAll("&amp;", "&");
}

describe("text for HTML", () => {
  it("has no character that opens a tag, an entity or an attribute", () => {
    fc.assert(
      fc.property(ANY, (raw) => {
        const html = htmlText(raw, 10_000);
        expect(html).not.toMatch(/[<>"'`\n]/);
        expect(html.replace(/&(?:amp|lt|gt|quot|#39|#96);/g, "")).not.toContain("&");
      }),
      { numRuns: 2000 },
    );
  });
});

describe("text for Markdown", () => {
  it("escapes every mark that could begin a construct", () => {
    fc.assert(
      fc.property(ANY, (raw) => {
        const bare = markdownText(raw, 10_000)
          .replace(/\\[!-/:-@[-`{-~]/g, "")
          .replace(/&(?:amp|lt|gt|#124|#8203);/g, "");
        expect(bare).not.toMatch(/[\\`*_{}[\]()#+.!|<>~@&:/$^=\n-]/);
      }),
      { numRuns: 2000 },
    );
  });

  it("loses no character of the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."`*_{}[]()#+-.!|<>~@&:;/$^= wa1") }), (raw) => {
        const withoutCommands = raw.replace(
          /(^|\s)::|##(?=\w*\[)/g,
          (match) => `${match.slice(0, -1)}\\${match.slice(-1)}`,
        );
        expect(shownText(markdownText(raw, 10_000))).toBe(withoutCommands);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["@everyone", "\\@&#8203;everyone"],
    ["fixes #12", "fixes \\#&#8203;12"],
    ["www.evil.example", "www&#8203;\\.evil\\.example"],
    ["[x](javascript:y)", "\\[x\\]\\(javascript\\:y\\)"],
    ["a | b", "a &#124; b"],
  ])("keeps %j from notifying or linking", (raw, markdown) => {
    expect(markdownText(raw)).toBe(markdown);
  });

  it("fences code with more backticks than it holds", () => {
    expect(markdownCode("a `` b")).toBe("```a `` b```");
    expect(markdownCode("`x`")).toBe("`` `x` ``");
    expect(markdownCode("")).toBe("<code></code>");
  });

  it("lets no code span end before its text does, nor split a table cell", () => {
    fc.assert(
      fc.property(ANY, (raw) => {
        const code = markdownCode(raw, 10_000);
        expect(code).not.toMatch(/[|\n]/);
        const fence = /^`+/.exec(code)?.[0];
        if (fence === undefined) return;
        const inner = code.slice(fence.length, -fence.length);
        expect((inner.match(/`+/g) ?? []).every((run) => run.length < fence.length)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
