// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import {
  type Fork,
  findForks,
  type RawChange,
  type Repository,
  readForkChanges,
  resolvePaths,
} from "@countersign/git";

/** A head that may have landed on a position of the change. */
export interface MergeCandidate {
  readonly position: { readonly id: ObjectId; readonly tree: ObjectId };
  readonly theirs: ObjectId;
}

/** A file that a head changes against where it left the history. */
interface Witness {
  readonly path: RepoPath;
  readonly old: ObjectId;
  readonly new: ObjectId;
}

/** Files of a head that are looked at; one of them nearly always tells. */
const MOST_WITNESSES = 3;
/** Paths looked up in trees; a merge takes as long as a thousand of them. */
const MOST_LOOKUPS = 200_000;

/**
 * The pairs whose merge can result in one of the trees. Left out are a head that has nothing new, and one that changes a
 * file which nobody touched on the other side while none of the trees has the file as the head has it: a merge without
 * conflict takes such a file over as it is, since what stands on both sides under its old name was renamed on neither.
 */
export async function rejectImpossibleMerges<T extends MergeCandidate>(
  repository: Repository,
  trees: readonly ObjectId[],
  candidates: readonly T[],
): Promise<readonly T[]> {
  const forks = await findAllForks(repository, candidates);
  const witnesses = await readWitnesses(repository, [...forks.values()]);
  const places = [...new Set([...trees, ...candidates.map(({ position }) => position.tree)])];
  const fileAt = await readFiles(repository, places, [...witnesses.values()].flat());
  if (fileAt === undefined) return candidates;
  return candidates.filter((candidate) => {
    const fork = forks.get(candidate);
    if (fork === undefined) return true;
    if (fork.head === fork.fork) return false;
    return (witnesses.get(toKey(fork)) ?? []).every((witness) => {
      const isTouched = fileAt(candidate.position.tree, witness.path) !== witness.old;
      return isTouched || trees.some((tree) => fileAt(tree, witness.path) === witness.new);
    });
  });
}

const toKey = ({ head, fork }: Fork): string => `${head} ${fork}`;

/** The one merge base of each pair; pairs that have several are not among them. */
async function findAllForks<T extends MergeCandidate>(
  repository: Repository,
  candidates: readonly T[],
): Promise<ReadonlyMap<T, Fork>> {
  const forks = new Map<T, Fork>();
  for (const [position, here] of Map.groupBy(candidates, (candidate) => candidate.position.id)) {
    const found = await findForks(repository, position, [...new Set(here.map(({ theirs }) => theirs))]);
    for (const candidate of here) {
      const fork = found.get(candidate.theirs);
      if (fork !== undefined) forks.set(candidate, { head: candidate.theirs, fork });
    }
  }
  return forks;
}

async function readWitnesses(
  repository: Repository,
  forks: readonly Fork[],
): Promise<ReadonlyMap<string, readonly Witness[]>> {
  const distinct = [...new Map(forks.map((fork) => [toKey(fork), fork])).entries()];
  const witnesses = new Map<string, readonly Witness[]>();
  let next = 0;
  const pairs = distinct.map(([, fork]) => fork);
  for await (const { changes } of readForkChanges(repository, pairs)) {
    const found = changes.filter(isEdit).slice(0, MOST_WITNESSES);
    witnesses.set(
      distinct[next++]?.[0] ?? "",
      found.map(({ path, oldId, newId }) => ({ path, old: oldId, new: newId })),
    );
  }
  return witnesses;
}

/** A file before and after, with other content. A link or submodule is merged by rules of its own. */
function isEdit({ status, oldMode, newMode, oldId, newId }: RawChange): boolean {
  return status === "M" && oldMode.startsWith("100") && newMode.startsWith("100") && oldId !== newId;
}

/** What stands where, of the trees and paths asked; undefined where looking takes longer than it saves. */
async function readFiles(
  repository: Repository,
  trees: readonly ObjectId[],
  witnesses: readonly Witness[],
): Promise<((tree: ObjectId, path: RepoPath) => ObjectId | undefined) | undefined> {
  const paths = [...new Set(witnesses.map(({ path }) => path))];
  if (trees.length * paths.length > MOST_LOOKUPS) return undefined;
  const places = trees.flatMap((tree) => paths.map((path) => ({ tree, path })));
  const found = await resolvePaths(repository, places);
  const column = new Map(paths.map((path, i) => [path, i]));
  const row = new Map(trees.map((tree, i) => [tree, i * paths.length]));
  return (tree, path) => found[(row.get(tree) ?? Number.NaN) + (column.get(path) ?? Number.NaN)];
}
