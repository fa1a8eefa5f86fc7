// SPDX-License-Identifier: Apache-2.0
import type { Repository } from "@countersign/git";
import { readStatesAt } from "../capture/read-states-at.ts";
import type { WorkingState } from "../capture/working-state.ts";
import type { MadeCommit } from "./find-made-commits.ts";
import { addReplaced, type ReplacedTexts } from "./read-replaced.ts";

export interface KnownNow {
  readonly present: WorkingState;
  readonly replaced: ReplacedTexts;
}

const NONE: ReadonlyMap<number, WorkingState> = new Map();

/**
 * What was known of the work tree when each of these was made, without any agent's work from after it: the function that a person wrote by hand
 * is not the agent's that wrote one like it an hour later. What is known now where no log tells when that was.
 */
export async function readLateStates(
  { gitDir, workTree }: Repository,
  late: readonly MadeCommit[],
  { present, replaced }: KnownNow,
): Promise<(made: MadeCommit) => WorkingState> {
  const lengths = late.flatMap(({ move }) => move?.offset ?? []);
  const states = workTree === undefined ? NONE : await readStatesAt({ gitDir, workTree }, present, lengths);
  return ({ move }) => {
    const state = (move === undefined ? undefined : states.get(move.offset)) ?? present;
    return { ...state, paths: addReplaced(state.paths, replaced) };
  };
}
