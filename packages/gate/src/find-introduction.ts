// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { filterCommits, listCommitIds, listRefs, type Repository } from "@countersign/git";
import type { Introduction } from "./gate-request.ts";

/** Pushes to these are not recorded, so that a commit may come by them from anybody. What a record names is kept among the versions. */
const UNRECORDED = /^refs\/(?:tags|notes|countersign(?!\/versions\/))\//i;

/** Commits that no ref of this server of which somebody is known as the pusher reaches before the push. */
export async function findIntroduction(
  repository: Repository,
  pusher: string | null,
  head: ObjectId,
): Promise<Introduction | undefined> {
  if (pusher === null) return undefined;
  const refs = (await listRefs(repository, ["refs"])).filter(({ name }) => !UNRECORDED.test(name));
  const known = await filterCommits(repository, [...new Set(refs.map((ref) => ref.id))]);
  const commits = await listCommitIds(repository, { include: [head], exclude: [...known] });
  return { pusher, commits: new Set(commits) };
}
