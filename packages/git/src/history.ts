// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId, type RepoPath } from "@countersign/core/ids";
import { explainHistoryFailure, findMissingCommits, missingObjects } from "./find-missing.ts";
import { GitError } from "./git-error.ts";
import { objectCall } from "./object-view.ts";
import { rangeArguments, rangeInput } from "./read-commits.ts";
import { gitFailure, spawnGit } from "./spawn-git.ts";
import type { CommitRange, Repository } from "./types.ts";

/** Runs a history command; its failures are explained as missing objects where that is what they are. */
async function walk(
  repo: Repository,
  args: readonly string[],
  range: CommitRange,
  expected: readonly number[] = [0],
): Promise<{ readonly exitCode: number; readonly text: string }> {
  const input = args.includes("--stdin") ? rangeInput(range) : undefined;
  const process = spawnGit(await objectCall(repo, args, input));
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  const exitCode = await process.exit;
  if (expected.includes(exitCode)) return { exitCode, text: Buffer.concat(chunks).toString("latin1") };
  throw await explainHistoryFailure(repo, range, gitFailure(process, exitCode));
}

export async function countCommits(repo: Repository, range: CommitRange): Promise<number> {
  if (range.include.length === 0) return 0;
  return Number((await walk(repo, ["rev-list", "--count", ...rangeArguments(range)], range)).text);
}

/** Ids of a range in the order asked; 41 or 65 bytes each in memory. */
export async function listCommitIds(repo: Repository, range: CommitRange): Promise<readonly ObjectId[]> {
  if (range.include.length === 0) return [];
  return lines((await walk(repo, ["rev-list", ...rangeArguments(range)], range)).text);
}

/** Commits of a range, each as its id and then those of its parents; parents before children. */
export async function listCommitParents(
  repo: Repository,
  range: CommitRange,
): Promise<readonly (readonly ObjectId[])[]> {
  if (range.include.length === 0) return [];
  const args = ["rev-list", "--parents", "--topo-order", "--reverse", ...rangeArguments(range)];
  return lines((await walk(repo, args, range)).text).map((line) => line.split(" "));
}

/** The newest commits, at most so many, that change a path against a parent; renames are not followed. */
export async function listCommitsTouching(
  repo: Repository,
  tip: ObjectId,
  { path, most }: { readonly path: RepoPath; readonly most: number },
): Promise<readonly ObjectId[]> {
  const args = ["--literal-pathspecs", "rev-list", `--max-count=${most}`, parseObjectId(tip), "--", path];
  return lines((await walk(repo, args, { include: [tip] })).text);
}

/**
 * Every best common ancestor, sorted; empty for unrelated histories. Two histories that meet only behind a shallow
 * boundary look unrelated: check `repo.isShallow` before concluding anything from none.
 */
export async function mergeBases(repo: Repository, a: ObjectId, b: ObjectId): Promise<readonly ObjectId[]> {
  const range = { include: [parseObjectId(a), parseObjectId(b)] };
  const found = lines((await walk(repo, ["merge-base", "--all", a, b], range, [0, 1])).text);
  if (found.length === 0) await requireWholeHistory(repo, range.include);
  return found.sort();
}

/** Git says of histories with a commit missing in between that they are unrelated; nobody can know that. */
async function requireWholeHistory(repo: Repository, tips: readonly ObjectId[]): Promise<void> {
  const missing = await findMissingCommits(repo, tips);
  if (missing.length > 0)
    throw missingObjects(repo, missing, new GitError("GIT_FAILED", "the histories are unrelated"));
}

/**
 * Those of the heads that share no history at all with a commit, and so with none of its ancestors. One process where all
 * are related. Throws MISSING_OBJECT where nobody can tell.
 */
export async function findUnrelated(
  repo: Repository,
  commit: ObjectId,
  heads: readonly ObjectId[],
): Promise<ReadonlySet<ObjectId>> {
  const unrelated = new Set<ObjectId>();
  if (heads.length === 0) return unrelated;
  const range = { include: heads, exclude: [parseObjectId(commit)] };
  const foreignRoots = (await walk(repo, ["rev-list", "--max-parents=0", ...rangeArguments(range)], range))
    .text;
  if (foreignRoots === "") return unrelated;
  for (const head of heads) if ((await mergeBases(repo, commit, head)).length === 0) unrelated.add(head);
  return unrelated;
}

/** Whether everything in `ancestor` is in `descendant`; a commit is its own ancestor. */
export async function isAncestor(
  repo: Repository,
  ancestor: ObjectId,
  descendant: ObjectId,
): Promise<boolean> {
  const range = { include: [parseObjectId(ancestor), parseObjectId(descendant)] };
  return (
    (await walk(repo, ["merge-base", "--is-ancestor", ancestor, descendant], range, [0, 1])).exitCode === 0
  );
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
