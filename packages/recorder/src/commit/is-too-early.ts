// SPDX-License-Identifier: Apache-2.0
import type { WorkingState } from "../capture/working-state.ts";
import type { MadeCommit } from "./find-made-commits.ts";

/** So long an open command is waited for; one that runs on, such as a server, must not keep everything from being recorded. */
const LONGEST_WAIT_S = 600;

/**
 * Whether a commit came from inside a command that is still running, past Git's hooks: who wrote what it holds, only the end of the
 * command tells. Recorded now it would be nobody's for good.
 */
export function isTooEarly(
  made: readonly MadeCommit[],
  { open }: Pick<WorkingState, "open">,
  now: number,
): boolean {
  const running = open.filter(({ action, at }) => action === "shell" && Math.abs(now - at) < LONGEST_WAIT_S);
  return running.some(({ log = 0 }) =>
    made.some(({ isSeen, move }) => !isSeen && move !== undefined && move.offset >= log),
  );
}
