// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInstant, parseInstant } from "./instant.ts";

describe("parseInstant", () => {
  it.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2026-03-01T12:00:00Z", 1_772_366_400],
    ["2024-02-29T23:59:59Z", 1_709_251_199],
    ["9999-12-31T23:59:59Z", 253_402_300_799],
  ])("reads %s", (text, seconds) => expect(parseInstant(text)).toBe(seconds));

  it.each([
    "2026-03-01t12:00:00Z",
    "2026-03-01T12:00:00z",
    "2026-03-01 12:00:00Z",
    "2026-03-01T12:00:00",
    "2026-03-01T12:00:00+00:00",
    "2026-03-01T12:00:00.000Z",
    "2026-03-01T12:00Z",
    "2026-02-29T12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-13-01T12:00:00Z",
    "2026-00-01T12:00:00Z",
    "2026-03-00T12:00:00Z",
    "2026-03-01T24:00:00Z",
    "2026-03-01T23:60:00Z",
    "2026-03-01T23:59:60Z",
    "1969-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "10000-01-01T00:00:00Z",
    "+002026-03-01T12:00:00Z",
    "２026-03-01T12:00:00Z",
    "2026-03-01T12:00:00Z\n",
    " 2026-03-01T12:00:00Z",
    "",
  ])("refuses %j", (text) => {
    expect(() => parseInstant(text)).toThrow(expect.objectContaining({ code: "STATEMENT_MALFORMED" }));
  });

  it("round-trips every second of its range", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 253_402_300_799 }),
        (at) => parseInstant(formatInstant(at)) === at,
      ),
    );
  });
});

describe("formatInstant", () => {
  it("cuts fractions off", () => expect(formatInstant(1.999)).toBe("1970-01-01T00:00:01Z"));
  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800])("refuses %d", (at) => {
    expect(() => formatInstant(at)).toThrow("expected seconds");
  });
});
