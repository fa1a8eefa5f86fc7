// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { recorderFolder } from "../capture/recorder-folder.ts";

/** Where one work tree's commit hooks leave what they found, beside what its agents did. */
export interface CommitFiles {
  /** What the shell hook needs to finish the commit that is being made; empty while there is nothing. */
  readonly prepared: string;
  /** One file for each record that was prepared; its commit is named in `presence`. */
  readonly records: string;
  /** One line for each commit and rewrite that a hook saw, in their order; only ever appended to. */
  readonly presence: string;
  /** How far `presence` and the reflog were made into records. */
  readonly flushed: string;
  readonly flushLock: string;
  /** Exists once anything was recorded here: a rewrite may then have moved recorded lines. */
  readonly recorded: string;
  /** Since when the recorder is here. */
  readonly active: string;
}

export function commitFiles(gitDir: string): CommitFiles {
  const { root, presence, active } = recorderFolder(gitDir);
  return {
    prepared: join(root, "prepared"),
    records: join(root, "records"),
    presence,
    flushed: join(root, "flushed.json"),
    flushLock: join(root, "flush.lock"),
    recorded: join(root, "recorded"),
    active,
  };
}
