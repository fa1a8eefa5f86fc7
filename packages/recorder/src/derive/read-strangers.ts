// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { filterCommits, listCommitIds, type Repository } from "@countersign/git";
import { type CandidateFile, hasAi } from "./candidate-file.ts";
import type { CandidateIndex, StrangerFile } from "./candidate-index.ts";
import { readTexts } from "./read-texts.ts";

/** Texts of this many commits are compared with one file; the newest come first, since they hold what the others did. */
const MOST_TEXTS = 3;

/** By path, files of commits outside the targets' history that hold AI lines: what a squash or rebase replaced. */
export interface Strangers {
  readonly files: ReadonlyMap<RepoPath, readonly StrangerFile[]>;
  /** Paths of which such a text exists and is not here. */
  readonly lost: ReadonlySet<RepoPath>;
}

/** Commits that some history does not contain, newest first by number; one that is gone altogether comes last. */
export type Outside = ReadonlyMap<ObjectId, number>;

/** Three processes, none where every candidate is part of the targets' own history or no path is asked about. */
export async function readStrangers(
  repo: Repository,
  { byPath }: CandidateIndex,
  paths: ReadonlySet<RepoPath>,
  findOutside: (commits: readonly ObjectId[]) => Outside | Promise<Outside>,
): Promise<Strangers> {
  const candidates = [...paths].flatMap((path) => (byPath.get(path) ?? []).filter(hasAi));
  const outside = await findOutside([...new Set(candidates.map(({ commit }) => commit))]);
  const chosen = new Map<RepoPath, readonly CandidateFile[]>();
  for (const path of paths) {
    const own = (byPath.get(path) ?? []).filter((file) => hasAi(file) && outside.has(file.commit));
    const newest = own.sort((a, b) => (outside.get(a.commit) ?? 0) - (outside.get(b.commit) ?? 0));
    if (newest.length > 0) chosen.set(path, newest.slice(0, MOST_TEXTS));
  }
  return readChosen(repo, chosen);
}

/** Those of the commits that no target contains. */
export async function orderOutside(
  repo: Repository,
  commits: readonly ObjectId[],
  targets: readonly ObjectId[],
): Promise<Outside> {
  if (commits.length === 0) return new Map();
  const here = await filterCommits(repo, commits);
  const listed = here.size === 0 ? [] : await listCommitIds(repo, { include: [...here], exclude: targets });
  const order = new Map(listed.map((id, index) => [id, index]));
  const outside = commits.filter((id) => !here.has(id) || order.has(id));
  return new Map(outside.map((id) => [id, order.get(id) ?? Number.MAX_SAFE_INTEGER]));
}

async function readChosen(
  repo: Repository,
  chosen: ReadonlyMap<RepoPath, readonly CandidateFile[]>,
): Promise<Strangers> {
  const texts = await readTexts(
    repo,
    [...chosen.values()].flatMap((files) => files.map(({ blob }) => blob)),
  );
  const files = new Map<RepoPath, readonly StrangerFile[]>();
  const lost = new Set<RepoPath>();
  for (const [path, own] of chosen) {
    files.set(
      path,
      own.flatMap((file) => {
        const lines = texts.get(file.blob);
        return lines === undefined ? [] : [{ file, lines }];
      }),
    );
    if (own.some((file) => !texts.has(file.blob))) lost.add(path);
  }
  return { files, lost };
}
