// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { isAssisted } from "@countersign/core/policy";
import {
  diffTreePairs,
  emptyTree,
  type RawChange,
  type Repository,
  readCommitTrees,
  type TreePair,
} from "@countersign/git";
import { joinImpact } from "../impact/gather-impact.ts";
import { readManyImpactFiles } from "../impact/read-impact-files.ts";
import { readSurroundings, type Surroundings } from "../read-surroundings.ts";
import type { LandedChange } from "./landed-change.ts";

/** Contents of so many files are read at a time: memory must not follow how much landed. */
const MOST_FILES = 512;

/**
 * The changes with what those of them that an AI took part in touch of the infrastructure. Costs some processes for all of them, and another for
 * each file of infrastructure that several commits of one change wrote; changes without AI cost nothing.
 * Whether anything tests it is not told: that reads the whole tree of each.
 */
export async function withImpact(
  repository: Repository,
  changes: readonly LandedChange[],
): Promise<readonly LandedChange[]> {
  const assisted = changes.filter(({ impact, commits }) => impact === null && commits.some(isAssisted));
  const [first, last] = [assisted[0], assisted.at(-1)];
  if (first === undefined || last === undefined) return changes;
  const treeOf = await readTrees(repository, assisted);
  const pairs = assisted.map(({ base, head }) => ({ from: treeOf(base), to: treeOf(head) }));
  const nets = await diffTreePairs(repository, pairs);
  const surroundings = await readSurroundings(repository, treeOf(first.base), treeOf(last.head));
  const rows = assisted.map((change, i) => toRow(change, pairs[i], nets[i]));
  const found = new Map<ObjectId, LandedChange>();
  for (const batch of toBatches(rows))
    for (const change of await joinAll(repository, batch, surroundings)) found.set(change.head, change);
  return changes.map((change) => found.get(change.head) ?? change);
}

async function readTrees(repository: Repository, changes: readonly LandedChange[]) {
  const ids = [...new Set(changes.flatMap(({ base, head }) => (base === null ? [head] : [base, head])))];
  const trees = new Map((await readCommitTrees(repository, ids)).map(({ id, tree }) => [id, tree]));
  return (id: ObjectId | null): ObjectId =>
    (id === null ? undefined : trees.get(id)) ?? emptyTree(repository.objectFormat);
}

interface Row extends TreePair {
  readonly change: LandedChange;
  readonly net: readonly RawChange[];
}

function toRow(change: LandedChange, pair: TreePair | undefined, net: readonly RawChange[] | undefined): Row {
  if (pair === undefined || net === undefined) throw new RangeError("diffTreePairs answers every pair");
  return { change, ...pair, net };
}

function* toBatches(rows: readonly Row[]): Generator<readonly Row[], void, undefined> {
  let [batch, files]: [Row[], number] = [[], 0];
  for (const row of rows) {
    if (batch.length > 0 && files + row.net.length > MOST_FILES) {
      yield batch;
      [batch, files] = [[], 0];
    }
    batch.push(row);
    files += row.net.length;
  }
  yield batch;
}

async function joinAll(
  repository: Repository,
  rows: readonly Row[],
  surroundings: Surroundings,
): Promise<readonly LandedChange[]> {
  const ranges = rows.map(({ from, to, net }) => ({ oldTree: from, newTree: to, changes: net }));
  const files = await readManyImpactFiles(repository, ranges, surroundings);
  const changes: LandedChange[] = [];
  for (const [i, { change }] of rows.entries()) {
    const { head, commits, recorded } = change;
    const impact = await joinImpact(null, files[i] ?? [], { repository, head, commits, recorded });
    changes.push({ ...change, impact });
  }
  return changes;
}
