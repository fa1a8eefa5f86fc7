// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { shareWords } from "./share-words.ts";

it("is the part of a text's own words that another one has, in whatever layout", () => {
  const text = ["const total = alpha(beta);\n", "return gamma;\n"];
  expect(shareWords(text, text)).toBe(1);
  expect(shareWords(text, ["total = alpha(\n", "  beta\n", ");\n"])).toBe(0.75);
  expect(shareWords(text, ["const other = delta;\n", "return epsilon;\n"])).toBe(0);
  expect(shareWords([], text)).toBe(0);
});
