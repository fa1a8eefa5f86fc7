// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId } from "@countersign/core/ids";
import { explainHistoryFailure, missingObjects } from "./find-missing.ts";
import { objectCall } from "./object-view.ts";
import { rangeArguments, rangeInput } from "./read-commits.ts";
import { readObjectType } from "./read-objects.ts";
import { gitFailure, spawnGit } from "./spawn-git.ts";
import type { CommitRange, Repository } from "./types.ts";

export interface CommitTree {
  readonly id: ObjectId;
  readonly tree: ObjectId;
}

export interface CommitLink extends CommitTree {
  readonly parents: readonly ObjectId[];
}

/** Trees and parents of a range, without messages; order as asked. Throws MISSING_OBJECT. */
export async function listCommitTrees(repo: Repository, range: CommitRange): Promise<readonly CommitLink[]> {
  const links: CommitLink[] = [];
  for await (const batch of streamCommitTrees(repo, range)) for (const link of batch) links.push(link);
  return links;
}

/** The same as it comes, for ranges of which not all shall be in memory. */
export async function* streamCommitTrees(
  repo: Repository,
  range: CommitRange,
): AsyncGenerator<readonly CommitLink[], void, undefined> {
  if (range.include.length === 0) return;
  const args = ["rev-list", ...rangeArguments(range), "--no-commit-header", "--format=%H %T %P"];
  const process = spawnGit(await objectCall(repo, args, rangeInput(range)));
  let rest = "";
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    yield lines.map(parseLink);
  }
  const exitCode = await process.exit;
  if (exitCode !== 0) throw await explainHistoryFailure(repo, range, gitFailure(process, exitCode));
}

function parseLink(line: string): CommitLink {
  const [id = "", tree = "", ...parents] = line.trimEnd().split(" ");
  return { id: parseObjectId(id), tree: parseObjectId(tree), parents: parents.map(parseObjectId) };
}

/** The tree of each commit, in the order given. Throws MISSING_OBJECT where one is not here. */
export async function readCommitTrees(
  repo: Repository,
  commits: readonly ObjectId[],
): Promise<readonly CommitTree[]> {
  const found = await readObjectType(
    repo,
    commits.map((id) => `${parseObjectId(id)}^{tree}`),
  );
  const missing = commits.filter((_, i) => found[i]?.type !== "tree");
  if (missing.length > 0) throw await missingObjects(repo, missing, undefined);
  return commits.map((id, i) => ({ id, tree: found[i]?.id ?? "" }));
}

/** The tree of each commit that is here; the others are left out. */
export async function findCommitTrees(
  repo: Repository,
  commits: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, ObjectId>> {
  const found = await readObjectType(
    repo,
    commits.map((id) => `${parseObjectId(id)}^{tree}`),
  );
  return new Map(commits.flatMap((id, i) => (found[i]?.type === "tree" ? [[id, found[i].id] as const] : [])));
}

/** Those of the ids that are commits here. */
export async function filterCommits(
  repo: Repository,
  ids: readonly ObjectId[],
): Promise<ReadonlySet<ObjectId>> {
  if (ids.length === 0) return new Set();
  const found = await readObjectType(repo, ids.map(parseObjectId));
  return new Set(ids.filter((_, i) => found[i]?.type === "commit"));
}
