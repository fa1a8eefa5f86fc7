// SPDX-License-Identifier: Apache-2.0
import { type HeadMove, isOwnCommit } from "../commit/read-head-log.ts";
import { headCommit } from "./read-head.ts";

/** Beyond that nobody looks at what each of them did to a file. */
const MOST_MOVES = 100;

/**
 * Moves of HEAD by which it came from one name to another, but for commits of what lay in the work tree, which leave it as it is. None
 * where the log does not tell.
 */
export function findMovesBetween(moves: readonly HeadMove[], from: string, to: string): readonly HeadMove[] {
  const [was, is] = [headCommit(from), headCommit(to)];
  if (was === undefined || is === undefined || from === to) return [];
  const last = moves.findLastIndex((move) => move.to === is);
  const first = moves.findLastIndex((move, index) => index <= last && move.from === was);
  if (first < 0) return [];
  const between = moves.slice(first, last + 1).filter((move) => move.from !== move.to && !isOwnCommit(move));
  return between.length > MOST_MOVES ? [] : between;
}
