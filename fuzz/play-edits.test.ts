// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { createLikeRegistry } from "./like-registry.ts";
import { createLineRegistry } from "./line-registry.ts";
import { playEdits } from "./play-edits.ts";

const SERIES = 400;

test.each([
  { lines: "that are all unlike", createRegistry: createLineRegistry },
  { lines: "that are alike and repeat", createRegistry: createLikeRegistry },
])(
  "no line changes hands through edits in place, deletions, moves, indentation and reflows by three writers of lines $lines",
  ({ createRegistry }) => {
    const wrong = Array.from({ length: SERIES }, (_, seed) => ({
      seed,
      lines: playEdits(seed, createRegistry),
    }));
    expect(wrong.filter(({ lines }) => lines.length > 0)).toEqual([]);
  },
);
