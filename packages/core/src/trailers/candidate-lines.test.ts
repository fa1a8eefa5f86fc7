// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCandidateAt, lookOver } from "./candidate-lines.ts";
import { parseFooterLine } from "./footer-line.ts";
import { KEYS, TOOLS } from "./registry.ts";
import { parseTrailerLine } from "./trailer-line.ts";

const KEY_KINDS = ["session-key", "vendor-key"];
const MARKERS = TOOLS.flatMap(({ markers }) => markers);
const WRITTEN = [
  ...KEYS.map(({ key }) => key),
  ...MARKERS.filter(([kind]) => KEY_KINDS.includes(kind)).map(([, key]) => key),
];
const DRESSES = [
  (key: string) => `${key}: value`,
  (key: string) => `${key.toUpperCase()}: value`,
  (key: string) => `${key.replaceAll("-", "")}: value`,
  (key: string) => `${key.replaceAll("-", " ")}: value`,
  (key: string) => `${key.replaceAll("-", "_")}: value`,
  (key: string) => `  * **${key}: value`,
  (key: string) => `\t- ${key[0]?.toUpperCase()}${key.slice(1)}: value`,
];

describe("a line that says something", () => {
  it.each(WRITTEN)("with the key %s is looked at, however it is written", (key) => {
    for (const dress of DRESSES) {
      if (parseTrailerLine(dress(key), []) !== undefined)
        expect([dress(key), isCandidateAt(dress(key), 0)]).toEqual([dress(key), true]);
    }
    expect(parseTrailerLine(`${key}: value`, [])).toBeDefined();
  });

  it("without a key is looked at", () => {
    const footers = MARKERS.filter(([kind]) => kind === "footer" || kind === "session-link").map(
      ([, pattern, , , example]) => example ?? pattern.replace("*", "x"),
    );
    const read = footers.flatMap((text) => [text, text.toUpperCase(), `_${text}`]).filter(parseFooterLine);
    expect(read.length).toBeGreaterThan(10);
    expect(read.filter((text) => !isCandidateAt(text, 0))).toEqual([]);
  });
});

it("passes over prose", () => {
  const prose =
    "area: why\n\nTo keep what the caller said, and to say it\nonce. Then A x9 cos\naii this is it\n";
  expect(lookOver(prose)).toEqual({ candidate: prose.length, number: 6, hasIndent: false });
});

it("finds the first such line, its number, and whether anything is indented, as line by line", () => {
  const line = fc.constantFrom(
    "",
    "title",
    "AI-Assisted: x/y",
    "    code",
    "\tcode",
    "   x",
    "Signed-off-by: a <b>",
    "\u00e9",
  );
  const message = fc.oneof(
    fc.array(line, { maxLength: 8 }).map((lines) => lines.join("\n")),
    fc.string({ unit: fc.constantFrom("\n", " ", "\t", "a", "i", ":", "-", "\u0131"), maxLength: 40 }),
  );
  fc.assert(
    fc.property(message, (text) => {
      const lines = text.split("\n");
      const first = lines.findIndex((one) => isCandidateAt(one, 0));
      const before = lines.slice(0, first).map((one) => `${one}\n`);
      const { candidate, number, hasIndent } = lookOver(text);
      expect(candidate).toBe(first < 0 ? text.length : before.join("").length);
      if (first >= 0) expect(number).toBe(first + 1);
      expect(hasIndent).toBe(lines.slice(1).some((one) => /^(?: {4}|\t)/.test(one)));
    }),
    { numRuns: 3000 },
  );
});
