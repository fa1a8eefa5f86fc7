// SPDX-License-Identifier: Apache-2.0
import type { SurvivingLines } from "@countersign/core/audit";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { GitError, listTree, type Repository } from "@countersign/git";
import { blameFile } from "@countersign/recorder";

export interface SurvivingRequest {
  readonly repository: Repository;
  readonly head: ObjectId;
  /** Files that changes with AI touched, those that changed most first. */
  readonly paths: readonly RepoPath[];
  /** Commits that name an AI, and of which no record says whose their lines are: all of them may be its. */
  readonly assisted: ReadonlySet<ObjectId>;
  /** Milliseconds since some moment that only ever go up. */
  readonly elapsed: () => number;
  /** Milliseconds; files that are left when they are over are counted, not looked into. */
  readonly budget: number;
  readonly onFile: () => void;
}

const REGULAR = /^100/;

/** Blames what is left of the files that an AI worked on. One `git blame` a file, so it stops when time is up and says so. */
export async function countSurviving(request: SurvivingRequest): Promise<SurvivingLines> {
  const { repository, head, paths, elapsed, budget, onFile } = request;
  const present = new Map((await listTree(repository, head)).map(({ path, mode }) => [path, mode]));
  const files = paths.filter((path) => REGULAR.test(present.get(path) ?? ""));
  const sum = { lines: 0, ai: 0, claimed: 0, human: 0, unknown: 0 };
  const byTool = new Map<string, number>();
  const started = elapsed();
  let done = 0;
  for (const path of files) {
    if (elapsed() - started > budget) break;
    await addFile(request, path, sum, byTool);
    done++;
    onFile();
  }
  return {
    at: head,
    files: done,
    filesLeft: files.length - done,
    ...sum,
    byTool: [...byTool]
      .map(([name, lines]) => ({ name, lines }))
      .sort((a, b) => b.lines - a.lines || (a.name < b.name ? -1 : 1)),
  };
}

async function addFile(
  { repository, head, assisted }: SurvivingRequest,
  path: RepoPath,
  sum: { lines: number; ai: number; claimed: number; human: number; unknown: number },
  byTool: Map<string, number>,
): Promise<void> {
  for (const { commit, origin } of await blameLinesOf(repository, head, path)) {
    sum.lines++;
    if (origin.kind === "ai") {
      sum.ai++;
      byTool.set(origin.agent.tool, (byTool.get(origin.agent.tool) ?? 0) + 1);
    } else if (origin.kind === "human") sum.human++;
    else if (assisted.has(commit)) sum.claimed++;
    else sum.unknown++;
  }
}

/** A file that Git cannot blame (a name that no command line takes, content that is not here) has no lines that anybody knows of. */
async function blameLinesOf(repository: Repository, revision: ObjectId, path: RepoPath) {
  try {
    return (await blameFile({ repository, path, revision, ranges: [] })).lines;
  } catch (error) {
    if (error instanceof GitError) return [];
    throw error;
  }
}
