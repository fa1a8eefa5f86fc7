// SPDX-License-Identifier: Apache-2.0
import type { WorkingState } from "../capture/working-state.ts";
import type { MadeCommit } from "./find-made-commits.ts";

/** So long an open command is waited for; one that runs on, such as a server, must not keep everything from being recorded. */
const LONGEST_WAIT_S = 600;

export interface Moment {
  /** Seconds since the epoch. */
  readonly now: number;
  /** A rebase is open of which Git has not yet told all that it made commits from. */
  readonly isRebasing: boolean;
}

/**
 * Whether a commit cannot be recorded yet. One of a rebase that is not done: from which commits Git made it, it says at the end; and one that no
 * hook has named yet may be that rebase's newest. Or one that came from inside a command that is still running, past Git's hooks:
 * who wrote what it holds, only the end of the command tells. Recorded now it would be nobody's for good.
 */
export function isTooEarly(
  made: readonly MadeCommit[],
  { open }: Pick<WorkingState, "open">,
  { now, isRebasing }: Moment,
): boolean {
  if (isRebasing && made.some(({ isBrought, isSeen }) => isBrought || !isSeen)) return true;
  const running = open.filter(({ action, at }) => action === "shell" && Math.abs(now - at) < LONGEST_WAIT_S);
  return running.some(({ log = 0 }) =>
    made.some(({ isSeen, move }) => !isSeen && move !== undefined && move.offset >= log),
  );
}
