// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { parseBlame } from "./parse-blame.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);

it("keeps what Git 2.50 says of single lines by the line, and a commit's description as it was", () => {
  const lines = parseBlame(
    [
      `${A} 1 1 2`,
      "author Ada",
      `previous ${B} old.js`,
      "filename a.js",
      "ignored",
      "\tone",
      `${A} 2 2`,
      "unblamable",
      "ignored",
      "\ttwo",
      `${B} 1 3 1`,
      "author Bob",
      "filename a.js",
      "\tthree",
      `${A} 3 4 1`,
      "\tfour",
      "",
    ].join("\n"),
  );
  expect(lines.map(({ marks }) => marks)).toEqual([["ignored"], ["unblamable", "ignored"], [], []]);
  const ofA = ["author Ada", `previous ${B} old.js`, "filename a.js"];
  expect(lines.map(({ header }) => header.lines)).toEqual([ofA, ofA, ["author Bob", "filename a.js"], ofA]);
  expect(new Set(lines.map(({ header }) => header)).size).toBe(2);
});
