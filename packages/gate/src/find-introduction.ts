// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { filterCommits, listCommitIds, listRefs, type Repository } from "@countersign/git";
import type { GateRequest } from "./gate-request.ts";

/** Commits that no ref of this server reaches before the push. */
export async function findIntroduction(
  repository: Repository,
  pusher: string | null,
  head: ObjectId,
): Promise<Pick<GateRequest, "introduction">> {
  if (pusher === null) return {};
  const refs = await listRefs(repository, ["refs"]);
  const known = await filterCommits(repository, [...new Set(refs.map((ref) => ref.id))]);
  const commits = await listCommitIds(repository, { include: [head], exclude: [...known] });
  return { introduction: { pusher, commits: new Set(commits) } };
}
