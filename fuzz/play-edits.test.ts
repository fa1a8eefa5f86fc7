// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { playEdits } from "./play-edits.ts";

const SERIES = 400;

test("no line changes hands through edits in place, deletions, moves, indentation and reflows by three writers", () => {
  const wrong = Array.from({ length: SERIES }, (_, seed) => ({ seed, lines: playEdits(seed) }));
  expect(wrong.filter(({ lines }) => lines.length > 0)).toEqual([]);
});
