// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { HeadMove } from "../commit/read-head-log.ts";

/** The newest stash, and the commit that was left in the work tree when something was put away last. */
export interface StashPush {
  readonly stash: ObjectId;
  readonly base: ObjectId;
}

/** A look at a file, by the bytes that HEAD's log had. */
interface Look {
  readonly log?: number | undefined;
}

/**
 * What `git stash push` may have put away between two looks: it sets HEAD to where it is, as a plain reset does. Only the stash itself
 * tells the one from the other. Undefined where there was no stash at the second, or no log tells.
 */
export function findStashPush(
  moves: readonly HeadMove[],
  before: Look,
  { log = Number.POSITIVE_INFINITY, stash }: Look & { readonly stash?: ObjectId | undefined },
): StashPush | undefined {
  const { log: since } = before;
  if (stash === undefined || since === undefined) return undefined;
  const push = moves.findLast(
    ({ action, from, to, offset }) => action === "reset" && from === to && offset >= since && offset < log,
  );
  return push === undefined ? undefined : { stash, base: push.from };
}
