// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import {
  type CommitRange,
  defaultBranch,
  GitError,
  listRefs,
  type Repository,
  readRef,
  resolveCommit,
} from "@countersign/git";
import { UsageError } from "../exit-code.ts";

/** The commits that a person means; `undefined` where the repository has no commit yet. */
export async function readScanRange(
  repo: Repository,
  text: string | undefined,
  isAll: boolean,
): Promise<CommitRange | undefined> {
  if (isAll) {
    if (text !== undefined) throw new UsageError(`--all takes no range; leave out "${text}" or --all`);
    return allRefs(repo);
  }
  if (text === undefined) {
    const head = await readHead(repo);
    return head === undefined ? undefined : { include: [head] };
  }
  const symmetric = /^(.*?)\.\.\.(.*)$/s.exec(text);
  if (symmetric !== null) {
    throw new UsageError(
      `"${text}" is a symmetric difference; expected A..B, for example ${symmetric[1] || "HEAD"}..${symmetric[2] || "HEAD"}`,
    );
  }
  const [, from, to] = /^(.*?)\.\.(.*)$/s.exec(text) ?? [];
  if (from === undefined) return { include: [await requireCommit(repo, text)] };
  return {
    include: [await requireCommit(repo, to || "HEAD")],
    exclude: [await requireCommit(repo, from || "HEAD")],
  };
}

/** The commit of HEAD, undefined before the first one. A HEAD whose object is gone is no empty history. */
async function readHead(repo: Repository): Promise<ObjectId | undefined> {
  const head = await resolveCommit(repo, "HEAD");
  if (head !== undefined) return head;
  const branch = await defaultBranch(repo);
  if (branch !== undefined && (await readRef(repo, branch)) === undefined) return undefined;
  const message =
    "HEAD names a commit that this repository does not hold; git fsck shows what is missing, git fetch may bring it";
  throw new GitError("MISSING_OBJECT", message);
}

async function requireCommit(repo: Repository, revision: string): Promise<ObjectId> {
  const id = await resolveCommit(repo, revision);
  if (id !== undefined) return id;
  throw new UsageError(
    `"${revision}" names no commit in this repository; expected a branch, tag or commit id, for example HEAD~10 or origin/main..HEAD`,
  );
}

/** Branches and tags, and HEAD where it is detached; notes and our own refs hold no history of the project. */
async function allRefs(repo: Repository): Promise<CommitRange | undefined> {
  const refs = await listRefs(repo, ["refs/heads", "refs/remotes", "refs/tags"]);
  const head = await readHead(repo);
  const include = [...new Set([...(head === undefined ? [] : [head]), ...refs.map((ref) => ref.id)])];
  return include.length === 0 ? undefined : { include };
}
