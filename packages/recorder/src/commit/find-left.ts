// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { HeadMove } from "./read-head-log.ts";

/** Commits whose content `git reset` left in the work tree, or threw away: those of `from` that `to` does not come from. */
export interface LeftRange {
  readonly from: ObjectId;
  readonly to: ObjectId;
}

/** More resets between two commits nobody looks at. */
const MOST_RESETS = 4;

/** The resets right before a commit, latest first. `moves`: of HEAD, oldest first, up to the one that makes the commit. */
export function findLeft(moves: readonly HeadMove[]): readonly LeftRange[] {
  const left: LeftRange[] = [];
  for (const { action, from, to } of moves.toReversed()) {
    if (action !== "reset" || left.length === MOST_RESETS) break;
    if (from !== to) left.push({ from, to });
  }
  return left;
}
