// SPDX-License-Identifier: Apache-2.0
import { type HeadMove, isOwnCommit } from "../commit/read-head-log.ts";
import { headCommit } from "./read-head.ts";

/** A look at HEAD: its name, and where its log ended then. */
export interface SeenHead {
  readonly head: string;
  readonly log?: number | undefined;
}

/** Beyond that nobody looks at what each of them did to a file. */
const MOST_MOVES = 100;

/**
 * Moves of HEAD by which it came from one name to another, but for commits of what lay in the work tree, which leave it as it is. None
 * where the log does not tell.
 */
export function findMovesBetween(
  moves: readonly HeadMove[],
  { head, log }: SeenHead,
  to: string,
): readonly HeadMove[] {
  const [was, is] = [headCommit(withoutOperation(head)), headCommit(to)];
  if (was === undefined || is === undefined || head === to) return [];
  const last = moves.findLastIndex((move) => move.to === is);
  const next = log === undefined ? undefined : moves.find(({ offset }) => offset >= log);
  // Git cuts its logs now and then, and HEAD may have been there more than once.
  const first =
    next?.from === was
      ? moves.indexOf(next)
      : moves.findLastIndex((move, index) => index <= last && move.from === was);
  if (first < 0) return [];
  const between = moves.slice(first, last + 1).filter((move) => move.from !== move.to && !isOwnCommit(move));
  return between.length > MOST_MOVES ? [] : between;
}

function withoutOperation(head: string): string {
  return head.replace(/ (?:[A-Z_]+|rebase-\w+)$/, "");
}
