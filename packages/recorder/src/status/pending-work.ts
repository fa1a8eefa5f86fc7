// SPDX-License-Identifier: Apache-2.0
import type { AgentRef, Origin } from "@countersign/core/attribution";
import type { RepoPath } from "@countersign/core/ids";
import type { JournalEntry } from "../capture/journal-entry.ts";
import type { SeenGap } from "../capture/working-state.ts";

/** What lies in a work tree and in no commit yet, and who wrote it as far as the recorder knows. */
export interface PendingWork {
  /** Files that differ from HEAD, sorted by path. */
  readonly files: readonly PendingFile[];
  /** Files that differ from HEAD beyond the most that are looked into. */
  readonly uncounted: number;
  /** Agents' calls that have begun and not ended, oldest first. */
  readonly open: readonly JournalEntry[];
  /** What could not be seen since the last commit, oldest first. */
  readonly gaps: readonly SeenGap[];
}

export interface PendingFile {
  readonly path: RepoPath;
  /** Origins of the lines that HEAD does not have there; null: no text that could be looked into, and `reason` says why. */
  readonly added: readonly Origin[] | null;
  readonly reason: "too-large" | "not-a-file" | "unreadable" | "binary" | "content-missing" | null;
  /** Lines of HEAD that are gone. */
  readonly removed: number;
  /** Agents that changed it since it was committed last, also where no line of theirs is left. */
  readonly touched: readonly AgentRef[];
  /** The recorder has seen this file. */
  readonly isWatched: boolean;
}
