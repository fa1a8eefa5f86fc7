// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { findCommitTrees, type ParentedChange, type Repository, readParentedChanges } from "@countersign/git";
import { readTargets, type TargetCommit } from "./read-targets.ts";

export type Changes = ReadonlyMap<ObjectId, readonly ParentedChange[]>;

/** Paths to look at in each commit; all of them in one that is not named. */
export type WantedPaths = ReadonlyMap<ObjectId, ReadonlySet<RepoPath>>;

/** Reads what commits changed, and the texts of that, as often as it is asked for. */
export interface TargetReader {
  readonly readChanges: (commits: readonly ObjectId[]) => Promise<Changes>;
  /** In the order of the map. */
  readonly readTargets: (changes: Changes) => AsyncIterable<TargetCommit>;
  /** The tree of each commit that is here. */
  readonly readTrees: (commits: readonly ObjectId[]) => Promise<ReadonlyMap<ObjectId, ObjectId>>;
}

export function createTargetReader(repo: Repository, paths: WantedPaths = new Map()): TargetReader {
  return {
    readChanges: (commits) => readChanges(repo, commits, paths),
    readTargets: (changes) => readTargets(repo, changes),
    readTrees: (commits) => findCommitTrees(repo, commits),
  };
}

async function readChanges(
  repo: Repository,
  commits: readonly ObjectId[],
  paths: WantedPaths,
): Promise<Changes> {
  const changes = new Map<ObjectId, readonly ParentedChange[]>();
  if (commits.length === 0) return changes;
  for await (const { id, changes: own } of readParentedChanges(repo, commits)) {
    const wanted = paths.get(id);
    // What went away may be what a wanted file was renamed from.
    const isWanted = ({ path, id: blob }: ParentedChange) => wanted?.has(path) !== false || /^0+$/.test(blob);
    changes.set(id, wanted === undefined ? own : own.filter(isWanted));
  }
  return changes;
}

/** Commits with what each changed at one path, read before anybody asked. */
export interface TargetsAhead {
  readonly path: RepoPath;
  readonly commits: ReadonlyMap<ObjectId, TargetAhead>;
}

interface TargetAhead {
  readonly tree: ObjectId;
  readonly changes: readonly ParentedChange[];
  readonly target: TargetCommit;
}

export async function readTargetsAhead(
  repo: Repository,
  commits: readonly { readonly id: ObjectId; readonly tree: ObjectId }[],
  path: RepoPath,
): Promise<TargetsAhead> {
  const ids = commits.map(({ id }) => id);
  const reader = createTargetReader(repo, new Map(ids.map((id) => [id, new Set([path])])));
  const changes = await reader.readChanges(ids);
  const trees = new Map(commits.map(({ id, tree }) => [id, tree]));
  const ahead = new Map<ObjectId, TargetAhead>();
  for await (const target of reader.readTargets(changes)) {
    const [tree, own] = [trees.get(target.id), changes.get(target.id)];
    if (tree !== undefined && own !== undefined) ahead.set(target.id, { tree, changes: own, target });
  }
  return { path, commits: ahead };
}

/** A reader that asks Git only for what was not read ahead. */
export function withTargetsAhead(
  repo: Repository,
  paths: WantedPaths,
  { path, commits: ahead }: TargetsAhead,
): TargetReader {
  const reader = createTargetReader(repo, paths);
  const find = (id: ObjectId): TargetAhead | undefined => {
    const wanted = paths.get(id);
    return wanted?.size === 1 && wanted.has(path) ? ahead.get(id) : undefined;
  };
  const isMissing = (id: ObjectId): boolean => find(id) === undefined;
  return {
    readChanges: async (commits) => {
      const rest = await reader.readChanges(commits.filter(isMissing));
      const pairs = commits.map((id) => [id, find(id)?.changes ?? rest.get(id)] as const);
      return new Map(pairs.flatMap(([id, own]) => (own === undefined ? [] : [[id, own] as const])));
    },
    readTargets: async function* (changes) {
      const missing = new Map([...changes].filter(([id]) => isMissing(id)));
      const rest = reader.readTargets(missing)[Symbol.asyncIterator]();
      for (const id of changes.keys()) {
        const target = find(id)?.target ?? ((await rest.next()).value as TargetCommit | undefined);
        if (target !== undefined) yield target;
      }
    },
    readTrees: async (commits) => {
      const missing = commits.filter(isMissing);
      const rest = missing.length === 0 ? new Map() : await reader.readTrees(missing);
      const known = commits.flatMap((id): readonly (readonly [ObjectId, ObjectId])[] => {
        const tree = find(id)?.tree;
        return tree === undefined ? [] : [[id, tree]];
      });
      return new Map([...rest, ...known]);
    },
  };
}
