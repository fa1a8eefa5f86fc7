// SPDX-License-Identifier: Apache-2.0
import type { AgentRef, AttributedText, CoverageGap } from "@countersign/core/attribution";
import type { JournalEntry, JournalStart } from "./journal-entry.ts";
import type { ContentSum } from "./snapshot-store.ts";

/** What is known of one path of a work tree, in no commit yet or as it was committed last. */
export interface PathState {
  readonly present: AttributedText;
  /** Of the present content; null where there is no file. */
  readonly sum: ContentSum;
  /** HEAD and time of the last observation. */
  readonly head: string;
  readonly at: number;
  /** Bytes of HEAD's log at the time of the last observation. */
  readonly log?: number | undefined;
  /** Earlier texts with lines of an AI, or that an AI changed, newest first: what a stash, a reset or an undo may bring back. */
  readonly earlier: readonly AttributedText[];
  /** Agents that changed it since it was committed last, also where no line of theirs is left: a deletion leaves none. */
  readonly touched: readonly AgentRef[];
  /** Other names from which it was seen going on since it was committed last, nearest first; may still be there. */
  readonly formerly?: readonly string[];
  /** Something was lost since the last observation: whoever made the next change, it is not known to be a person. */
  readonly isDoubtful?: boolean;
}

/** All that the path is known to have held, newest first. */
export function textsOf({ present, earlier }: PathState): readonly AttributedText[] {
  return [present, ...earlier];
}

/** Everything folded so far. */
export interface WorkingState {
  readonly paths: ReadonlyMap<string, PathState>;
  /** Calls that have begun and not ended, oldest first. */
  readonly open: readonly JournalEntry[];
  /** Edit calls that ended without a word: what they wanted to write may turn up yet. */
  readonly suspects: readonly JournalEntry[];
  /** Hooks that had begun and not ended when this was folded. */
  readonly started: readonly JournalStart[];
  readonly gaps: readonly SeenGap[];
}

/** Something that could not be seen, and when; seconds since the epoch. */
export interface SeenGap extends CoverageGap {
  readonly at: number;
}

export const NO_STATE: WorkingState = {
  paths: new Map(),
  open: [],
  suspects: [],
  started: [],
  gaps: [],
};
