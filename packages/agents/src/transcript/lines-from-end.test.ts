// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { temporaryHome } from "../replay.fixture.ts";
import { linesFromEnd, readBounded } from "./lines-from-end.ts";

test("finds the lines that hold a word, the last first, wherever the blocks it reads end", () => {
  const line = fc.oneof(
    fc.constantFrom("", "needle", "a needle é and a needle", "ünder"),
    fc.integer({ min: 1, max: 300_000 }).map((length) => `needle${"x".repeat(length)}`),
    fc.integer({ min: 260_000, max: 262_200 }).map((length) => "y".repeat(length)),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, isEnded) => {
      const text = lines.join("\n") + (isEnded ? "\n" : "");
      using home = temporaryHome({ t: text });
      const expected = text.split("\n").filter((candidate) => candidate.includes("needle"));
      expect([...linesFromEnd(join(home.path, "t"), "needle")]).toEqual(expected.toReversed());
    }),
    { numRuns: 60 },
  );
});

test("reads four mebibytes back and no more, in files of any size", () => {
  using home = temporaryHome({ t: "needle, too far\n" });
  const path = join(home.path, "t");
  truncateSync(path, 3 * 1024 ** 3);
  appendFileSync(path, "\nneedle, near\n");
  const started = process.cpuUsage().user / 1000;
  expect([...linesFromEnd(path, "needle")]).toEqual(["needle, near"]);
  expect(process.cpuUsage().user / 1000 - started).toBeLessThan(30_000);
  expect(readBounded(path, 1024)).toBeUndefined();
});
