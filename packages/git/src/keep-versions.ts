// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId, type RefName } from "@countersign/core/ids";
import { listRefs } from "./refs.ts";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/** One ref for each version that a branch once had, so that gc keeps what a force-push took away. */
export const VERSIONS_PREFIX = "refs/countersign/versions";

export function versionRef(commit: ObjectId): RefName {
  return `${VERSIONS_PREFIX}/${commit}`;
}

/** Names the commits under refs/countersign/versions, all in one transaction; those named already stay. */
export async function keepVersions(repo: Repository, commits: readonly ObjectId[]): Promise<void> {
  const wanted = [...new Set(commits)];
  const known = new Set((await listRefs(repo, wanted.map(versionRef))).map((ref) => ref.name));
  const missing = wanted.filter((commit) => !known.has(versionRef(commit)));
  if (missing.length === 0) return;
  // `update` without an old value, not `create`: two pushes of one commit at the same time are no conflict.
  const commands = missing.map((commit) => `update ${versionRef(parseObjectId(commit))} ${commit}\n`);
  const call = repositoryCall(repo, ["update-ref", "--stdin"], Buffer.from(commands.join("")));
  await runGit(call);
}
