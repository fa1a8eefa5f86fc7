// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { toRunsPerYear } from "./cron-runs.ts";

describe("how often a schedule runs", () => {
  it.each([
    ["15 1 * * *", 365],
    ["15 1 1 * *", 12],
    ["0 */6 * * *", 1460],
    ["*/10 * * * *", 52_560],
    ["0 2 * * 0", 52],
    ["0 2 * * mon-fri", 261],
    ["0 0 2 * * *", 365],
    ["cron(0 5 ? * * *)", 365],
    ["cron(0 5 ? * SUN *)", 52],
    ["rate(12 hours)", 730],
    ["@weekly", 52],
    ["@every 12h", 730],
    ["0 3 1 1 *", 1],
  ])("%s", (text, times) => {
    expect(Math.round(toRunsPerYear(text) ?? -1)).toBe(times);
  });

  it.each(["", "daily", "01:00", "0 1 * *", "0 1 * * * * * *", "var.schedule"])("%j is none", (text) => {
    expect(toRunsPerYear(text)).toBeUndefined();
  });
});
