// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId } from "@countersign/core/ids";
import type { FactsProblem, Policy } from "@countersign/core/policy";
import { GITLINK, type RawChange, type Repository, readSizes } from "@countersign/git";
import type { GatheredCommits } from "./gather-commits.ts";

/** Bytes of every file version that the change brings, each counted once; submodules and deletions bring none. */
export async function measureContent(
  repository: Repository,
  { files, commits }: GatheredCommits,
): Promise<number> {
  const all = [...files, ...commits.flatMap((commit) => commit.files)];
  const blobs = all.filter((file) => file.newMode !== GITLINK && !isNullObjectId(file.newId));
  const sizes = await readSizes(repository, [...new Set(blobs.map((file) => file.newId))]);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Denied by name of the limit, never cut short and judged in part (T45). */
export function findLimitProblems(
  policy: Policy,
  own: Pick<GatheredCommits, "commits" | "files">,
  net: readonly RawChange[],
  bytes: number,
): readonly FactsProblem[] {
  const { limits } = policy;
  const problems: FactsProblem[] = [];
  const add = (what: string, is: number, limit: number, name: string): void => {
    if (is > limit)
      problems.push({
        code: "too-large",
        message: `${is} ${what}, the policy's limits.${name} is ${limit}; split the change`,
        objects: [],
      });
  };
  add("commits", own.commits.length, limits.commits, "commits");
  add("files", Math.max(own.files.length, net.length), limits.files, "files");
  add("bytes", bytes, limits.bytes, "bytes");
  return problems;
}
