// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ObjectId, parseObjectId } from "@countersign/core/ids";
import { objectCall, objectDirectory } from "./object-view.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/**
 * Runs `use` with a repository that sees all objects of this one but writes new ones into a temporary folder, removed afterwards.
 * So read-only repositories and a push's quarantine can be merged in, and a question never leaves litter.
 */
export async function withScratchObjects<T>(
  repo: Repository,
  use: (scratch: Repository) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "countersign-objects-"));
  const others = repo.environment.GIT_ALTERNATE_OBJECT_DIRECTORIES;
  const alternates = [quoteAlternate(objectDirectory(repo)), ...(others === undefined ? [] : [others])];
  const environment = {
    ...repo.environment,
    GIT_OBJECT_DIRECTORY: dir,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates.join(":"),
  };
  try {
    return await use({ ...repo, environment });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The list is colon-separated; a path that would be split is quoted as git(1) describes. */
function quoteAlternate(path: string): string {
  return /[:"\n\\]/.test(path) ? JSON.stringify(path) : path;
}

/** Writes a commit by nobody at the epoch, so that the merge of a merge can be computed (a queue's group). */
export async function writeScratchCommit(
  scratch: Repository,
  tree: ObjectId,
  parents: readonly ObjectId[],
): Promise<ObjectId> {
  const args = [
    "commit-tree",
    ...parents.flatMap((parent) => ["-p", parseObjectId(parent)]),
    parseObjectId(tree),
  ];
  return (await runGit(await objectCall(scratch, args, Buffer.from("scratch\n")))).stdout
    .toString("latin1")
    .trim();
}
