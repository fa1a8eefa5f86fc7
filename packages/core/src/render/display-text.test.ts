// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayText, isPlainText } from "./display-text.ts";
import { EVIL_TEXTS } from "./sample-report.fixture.ts";

const ANY = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.string({
    unit: fc.constantFrom(":", "#", "[", " ", "\\", "a", "\n", "\u200b", "\ufe0f", "❤", "\ud83d", "\udcff"),
  }),
);

/** Reads the escapes back; if it finds the original, no two texts can look alike. */
function undo(text: string): string {
  return text.replace(
    /\\(?:([\\:#])|n|r|t|x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})/g,
    (all, mark, byte, unit, point) => {
      if (mark !== undefined) return mark;
      if (byte !== undefined) {
        const code = Number.parseInt(byte, 16);
        return String.fromCharCode(code >= 0x80 ? 0xdc00 + code : code);
      }
      if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
      if (point !== undefined) return String.fromCodePoint(Number.parseInt(point, 16));
      return { "\\n": "\n", "\\r": "\r", "\\t": "\t" }[all as string] ?? all;
    },
  );
}

describe("text for a terminal", () => {
  it.each([
    ["plain title", "plain title"],
    ["Umlaut ä, 漢字, 🤖 and ❤️", "Umlaut ä, 漢字, 🤖 and ❤️"],
    ["a\nb\r\tc", "a\\nb\\r\\tc"],
    ["\u001b[31mred\u009b0m", "\\x1b[31mred\\u009b0m"],
    ["a\u202eb\u2066c\u200bd\ufeffe", "a\\u202eb\\u2066c\\u200bd\\ufeffe"],
    ["\u{e0041}", "\\u{e0041}"],
    ["bytes \udcff\udc80", "bytes \\xff\\x80"],
    ["half \ud83d", "half \\ud83d"],
    ["C:\\dir", "C:\\\\dir"],
    ["::error::x", ":\\:error::x"],
    ["std::string stays", "std::string stays"],
    ["x ##[error] ##vso[a] ##x", "x #\\#[error] #\\#vso[a] ##x"],
    ["letter x\ufe0f", "letter x\\ufe0f"],
  ])("shows %j as %s", (raw, shown) => {
    expect(displayText(raw)).toBe(shown);
  });

  it("says how much of a long text it left out", () => {
    expect(displayText("x".repeat(1_048_576), 5)).toBe("xxxxx… (1048571 more characters)");
  });

  it("never cuts a character in half", () => {
    expect(displayText("a🤖b", 2)).toBe("a… (3 more characters)");
  });

  it("takes a megabyte of the worst text in a moment", () => {
    const started = process.cpuUsage().user / 1000;
    for (const unit of ["\u001b", "::", "##", "#", " ", "\ufe0f", "❤️", "\udc80"])
      displayText(unit.repeat(500_000), 1_000_000);
    expect(process.cpuUsage().user / 1000 - started).toBeLessThan(5000);
  });

  it("lets no control, invisible or lone surrogate character through", () => {
    fc.assert(
      fc.property(ANY, (raw) => {
        const shown = displayText(raw, 10_000).replace(/(?<=\p{Extended_Pictographic})\ufe0f/gu, "");
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}/u);
      }),
      { numRuns: 3000 },
    );
  });

  it("never begins a log command, wherever a line may wrap", () => {
    fc.assert(
      fc.property(ANY, (raw) => {
        expect(displayText(raw, 10_000)).not.toMatch(/(^|\s)::|##\w*\[/);
      }),
      { numRuns: 3000 },
    );
  });

  it("shows different texts differently", () => {
    fc.assert(
      fc.property(ANY, (raw) => {
        expect(undo(displayText(raw, 10_000))).toBe(raw);
      }),
      { numRuns: 3000 },
    );
    for (const evil of EVIL_TEXTS) expect(undo(displayText(evil, 10_000))).toBe(evil);
  });

  it("calls plain only what it shows unchanged", () => {
    expect(isPlainText("src/main.ts")).toBe(true);
    expect(isPlainText("src/ma\nin.ts")).toBe(false);
    expect(isPlainText("src\\main.ts")).toBe(false);
  });
});
