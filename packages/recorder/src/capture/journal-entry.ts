// SPDX-License-Identifier: Apache-2.0
import type { EventPhase } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import type { ContentSum } from "./snapshot-store.ts";

/** One line of the journal: what was seen, when, and around which call. Holds no prompt, no command, no environment. */
export interface JournalEntry {
  readonly version: 1;
  /** `commit`: what the work tree held when a commit had been made. */
  readonly phase: EventPhase | "commit";
  /** Says which {@link JournalStart} this entry goes with. */
  readonly id?: string;
  readonly action: "edit" | "shell" | "other";
  readonly tool: string;
  readonly session: string;
  readonly subAgent: string | null;
  readonly model: string | null;
  readonly callKey: string;
  /** Seconds since the epoch by a clock that may jump; only bounds how much a person can have typed. */
  readonly at: number;
  /** What HEAD was, as far as it can be told without a process; a delta across another HEAD is nobody's typing. */
  readonly head: string;
  /** Other commits from which Git may have put text into the work tree: of a merge that stopped, of a pick, of a stash. */
  readonly others?: readonly ObjectId[];
  /** The newest stash that there was. */
  readonly stash?: ObjectId | undefined;
  /** The stashes that there were when a command began. */
  readonly stashes?: readonly ObjectId[];
  /** Length of HEAD's reflog in bytes: what is written behind it came afterwards, whatever any clock says. */
  readonly log?: number;
  /** Process id of the agent, 0 where unknown: a commit made below it is the agent's own. */
  readonly agentPid: number;
  readonly files: readonly SeenFile[];
  /** A shell's snapshot of everything that differs from HEAD: a path that it does not list was as committed. */
  readonly isWholeTree: boolean;
  readonly isFinal: boolean;
  readonly gaps: readonly { readonly code: string; readonly message: string }[];
}

/** Written when a hook has found out where it is, before it looks at anything: one without its entry was killed. */
export interface JournalStart {
  readonly version: 1;
  readonly phase: "start";
  readonly id: string;
  readonly pid: number;
  readonly at: number;
  readonly tool: string;
}

export interface SeenFile {
  /** Raw text: see RawText. */
  readonly path: string;
  readonly sum: ContentSum;
  /** The blob that HEAD has there, null for none; only in a whole-tree snapshot. */
  readonly headBlob?: ObjectId | null;
  /** The blob that the index has there and neither HEAD nor the disk; only in a whole-tree snapshot. */
  readonly stagedBlob?: ObjectId;
  /** The blob that a stash has there which was made since the call began. */
  readonly stashedBlob?: ObjectId;
  /** Sums of the full content before and after the call as the payload says them. */
  readonly told?: { readonly before?: ContentSum; readonly after?: ContentSum };
  /** Sums of texts that the call wants to write. */
  readonly proposed?: readonly string[];
  readonly movedFrom?: string;
}
