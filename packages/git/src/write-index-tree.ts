// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId } from "@countersign/core/ids";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/** The tree of an index, by default the repository's own. Throws GIT_FAILED while paths are unmerged. */
export async function writeIndexTree(repo: Repository, indexFile?: string): Promise<ObjectId> {
  const call = repositoryCall(repo, ["write-tree"]);
  const environment =
    indexFile === undefined ? call.environment : { ...call.environment, GIT_INDEX_FILE: indexFile };
  const { stdout } = await runGit({ ...call, environment });
  return parseObjectId(stdout.toString("latin1").trim());
}

/** A commit of a tree that no ref names, always the same for the same tree and parents. */
export async function commitTree(
  repo: Repository,
  tree: ObjectId,
  parents: readonly ObjectId[],
): Promise<ObjectId> {
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-m", "to come"];
  const call = repositoryCall(repo, args);
  const environment = { ...call.environment, ...NOBODY };
  const { stdout } = await runGit({ ...call, environment });
  return parseObjectId(stdout.toString("latin1").trim());
}

const NOBODY = {
  GIT_AUTHOR_NAME: "countersign",
  GIT_AUTHOR_EMAIL: "noreply@countersign.invalid",
  GIT_AUTHOR_DATE: "@0 +0000",
  GIT_COMMITTER_DATE: "@0 +0000",
};
