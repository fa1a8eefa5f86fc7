// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { findMadeCommits } from "./find-made-commits.ts";
import type { Presence } from "./presence.ts";
import type { HeadMove } from "./read-head-log.ts";

const [BASE, MADE] = ["a".repeat(40), "b".repeat(40)];

function move(action: string, from: string, to: string, index: number): HeadMove {
  return { action, from, to, at: 0, isForward: false, offset: index * 100 };
}

/** A commit, and a rebase that makes the very same one again within the second. */
const MOVES = [
  move("commit", BASE, MADE, 0),
  move("rebase (start)", MADE, BASE, 1),
  move("rebase (pick)", BASE, MADE, 2),
  move("rebase (finish)", MADE, MADE, 3),
];
const FIRST: readonly Presence[] = [{ kind: "made", commit: MADE, key: "first" }];
const AGAIN: readonly Presence[] = [
  { kind: "brought" },
  { kind: "made", commit: MADE, key: "again" },
  { kind: "rewritten", from: MADE, to: MADE },
];

describe("a commit that Git made twice", () => {
  it("is made once, by what made it first, where nobody had looked in between", () => {
    const made = findMadeCommits({ lines: [...FIRST, ...AGAIN], wasBrought: false }, MOVES, 0);
    expect(made).toMatchObject([{ commit: MADE, key: "first", isBrought: false, sources: [] }]);
  });

  it("names itself as its source, where somebody had", () => {
    const made = findMadeCommits({ lines: AGAIN, wasBrought: false }, MOVES, 1);
    expect(made).toMatchObject([{ commit: MADE, sources: [MADE] }]);
  });
});
