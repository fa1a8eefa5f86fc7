// SPDX-License-Identifier: Apache-2.0
import type { ChangeFacts, CommitFacts } from "@countersign/core/policy";
import type { GatheredCommits } from "./gather-commits.ts";

/** Every path of the change and of the commits that it replaced, once, by path. */
export function mergeFiles(
  own: Pick<GatheredCommits, "files">,
  originals: readonly CommitFacts[],
): ChangeFacts["files"] {
  const known = new Map(own.files.map((file) => [file.path, file]));
  for (const file of originals.flatMap((commit) => commit.files))
    if (!known.has(file.path)) known.set(file.path, file);
  return [...known.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
