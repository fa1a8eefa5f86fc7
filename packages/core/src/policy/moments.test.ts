// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean, findNearestWord } from "./did-you-mean.ts";
import { findDuration, findMoment, formatDuration } from "./moments.ts";

const at = (text: string) => Date.parse(text) / 1000;

describe("moments", () => {
  test.each([
    ["2026-01-01", false, at("2026-01-01T00:00:00Z")],
    ["2026-03-31", true, at("2026-04-01T00:00:00Z")],
    ["2024-02-29", false, at("2024-02-29T00:00:00Z")],
    ["2026-01-01T10:00:00Z", true, at("2026-01-01T10:00:00Z")],
    ["2026-01-01T10:00:00.123+02:00", false, at("2026-01-01T08:00:00Z")],
    ["2026-01-01T10:00:00-05:30", false, at("2026-01-01T15:30:00Z")],
    ["2026-02-29", false, undefined],
    ["2026-13-01", false, undefined],
    ["2026-00-10", false, undefined],
    ["2026-01-01T24:00:00Z", false, undefined],
    ["2026-01-01T10:00:00", false, undefined],
    ["2026-01-01T10:00:00+24:00", false, undefined],
    ["1969-12-31", false, undefined],
    ["yesterday", false, undefined],
    ["", false, undefined],
  ])("%s (end %s) is %s", (text, end, seconds) => expect(findMoment(text, end)).toBe(seconds));

  test("every day of the calendar is read, and lasts a day", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-30"), noInvalidDate: true }), (date) => {
        const day = date.toISOString().slice(0, 10);
        expect(findMoment(day)).toBe(at(`${day}T00:00:00Z`));
        expect((findMoment(day, true) ?? 0) - (findMoment(day) ?? 0)).toBe(86_400);
      }),
    );
  });
});

describe("durations", () => {
  test.each([
    ["90s", 90],
    ["30m", 1_800],
    ["72h", 259_200],
    ["14d", 1_209_600],
    ["0h", undefined],
    ["-1h", undefined],
    ["1.5h", undefined],
    ["1 h", undefined],
    ["1w", undefined],
    ["9999999d", undefined],
    ["72", undefined],
  ])("%s is %s", (text, seconds) => expect(findDuration(text)).toBe(seconds));

  test("what is formatted is read back", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999 }),
        (seconds) => void expect(findDuration(formatDuration(seconds))).toBe(seconds),
      ),
    );
  });
});

describe("did you mean", () => {
  test.each([
    ["asisted", "assisted"],
    ["Assisted", "assisted"],
    ["tool", "tools"],
    ["zzz", undefined],
    ["x".repeat(10_000), undefined],
  ])("%s", (word, nearest) => expect(findNearestWord(word, ["assisted", "tools", "models"])).toBe(nearest));

  test("says nothing where nothing is near", () => expect(didYouMean("zzz", ["a"])).toBe(""));
});
