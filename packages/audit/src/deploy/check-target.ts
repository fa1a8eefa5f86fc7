// SPDX-License-Identifier: Apache-2.0
import type { DeployFinding } from "@countersign/core/audit";
import type { ObjectId, RefName } from "@countersign/core/ids";
import { isTargetRef, type Policy } from "@countersign/core/policy";
import {
  filterCommits,
  isAncestor,
  listCommitTrees,
  listRefs,
  listRemotes,
  type Repository,
  readSymbolicRef,
} from "@countersign/git";

/**
 * Whether the policy gates the branch. Without `targets` that is the remote's default branch; where nobody knows which that is, as in
 * many pipelines' clones, the caller's word is taken and said.
 */
export async function checkTarget(
  repository: Repository,
  policy: Policy,
  target: RefName,
): Promise<readonly DeployFinding[]> {
  const known = await findDefaultBranch(repository);
  if (isTargetRef(policy, target, known ?? target)) {
    if (known !== undefined || policy.targets.length > 0) return [];
    const reason = `nothing here says that ${target} is the branch that is gated; name it in the policy: targets: [${target}]`;
    return [warning("target", reason)];
  }
  return [fail("target", `${target} is no branch that the policy gates (targets); deploy from one that is`)];
}

/** HEAD of a work tree is wherever somebody works; HEAD of a bare repository, and of a remote, is the default branch. */
async function findDefaultBranch(repository: Repository): Promise<RefName | undefined> {
  const remotes = await listRemotes(repository);
  for (const remote of remotes) {
    const name = await readSymbolicRef(repository, `refs/remotes/${remote}/HEAD`);
    const prefix = `refs/remotes/${remote}/`;
    if (name?.startsWith(prefix)) return `refs/heads/${name.slice(prefix.length)}`;
  }
  const own = await listRefs(repository, ["refs/heads"]);
  return own.length === 1 ? own[0]?.name : undefined;
}

/**
 * Approved is what once was the tip of the branch. A commit that only came in with others, from the middle of somebody's branch,
 * never was: the gate judged the whole (T55).
 */
export async function checkOnTarget(
  { repository, target }: { readonly repository: Repository; readonly target: RefName },
  tip: ObjectId,
  commit: ObjectId,
): Promise<readonly DeployFinding[]> {
  if (commit === tip) return [];
  const short = commit.slice(0, 12);
  if (!(await filterCommits(repository, [commit])).has(commit))
    return [
      fail(
        "target",
        `${short} is no commit of this repository: it was built from another one, or is not fetched`,
        commit,
      ),
    ];
  if (!(await isAncestor(repository, commit, tip)))
    return [
      fail(
        "target",
        `${short} is not on ${target}: it was built from another branch, or the branch is not fetched`,
        commit,
      ),
    ];
  const line = await listCommitTrees(repository, { include: [tip], exclude: [commit], firstParent: true });
  if (line.at(-1)?.parents[0] === commit) return [];
  return [
    fail(
      "target",
      `${short} came to ${target} only as part of something larger and never was its tip; deploy what was judged`,
      commit,
    ),
  ];
}

function fail(rule: string, reason: string, ...commits: readonly ObjectId[]): DeployFinding {
  return { rule, status: "fail", reason, commits };
}

function warning(rule: string, reason: string): DeployFinding {
  return { rule, status: "warning", reason, commits: [] };
}
