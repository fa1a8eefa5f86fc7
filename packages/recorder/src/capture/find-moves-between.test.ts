// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { HeadMove } from "../commit/read-head-log.ts";
import { findMovesBetween } from "./find-moves-between.ts";

const [FIRST, SECOND, THIRD] = ["1", "2", "3"].map((digit) => digit.repeat(40)) as [string, string, string];

function move(from: string, to: string, action: string): HeadMove {
  return { from, to, at: 0, action, isForward: false, offset: 0 };
}

const pick = move(FIRST, SECOND, "rebase (pick)");
const forward = move(SECOND, THIRD, "merge feature");

test("between two names of HEAD lie the moves that are no commits of what lay in the work tree", () => {
  const moves = [pick, move(SECOND, SECOND, "commit (amend)"), forward];
  expect(findMovesBetween(moves, { head: FIRST }, `refs/heads/main ${THIRD}`)).toEqual([pick, forward]);
  expect(findMovesBetween([move(FIRST, SECOND, "commit"), forward], { head: FIRST }, THIRD)).toEqual([
    forward,
  ]);
});

test.each(["CHERRY_PICK_HEAD", "rebase-merge"])(
  "what was seen in the middle of an operation (%s) was seen before it moved HEAD",
  (operation) => {
    expect(findMovesBetween([pick, forward], { head: `${FIRST} ${operation}` }, THIRD)).toEqual([
      pick,
      forward,
    ]);
  },
);

test("HEAD may have come by the same commit again since, and the end of its log at that time tells", () => {
  const moves = [pick, move(SECOND, FIRST, "checkout"), move(FIRST, THIRD, "merge feature")].map(
    (one, index) => ({ ...one, offset: 100 * index }),
  );
  expect(findMovesBetween(moves, { head: FIRST, log: 0 }, THIRD)).toEqual(moves);
  expect(findMovesBetween(moves, { head: FIRST, log: 200 }, THIRD)).toEqual(moves.slice(2));
  expect(findMovesBetween(moves, { head: FIRST, log: 100 }, THIRD)).toEqual(moves.slice(2));
});

test("where the log does not tell, or Git is still at it, there are none", () => {
  expect(findMovesBetween([pick], { head: THIRD }, SECOND)).toEqual([]);
  expect(findMovesBetween([pick], { head: FIRST }, `${SECOND} MERGE_HEAD`)).toEqual([]);
});
