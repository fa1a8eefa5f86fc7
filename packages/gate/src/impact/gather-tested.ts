// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, type ObjectId, type RepoPath, toText } from "@countersign/core/ids";
import { findTested, type Tested, type Texts, type TouchedResource } from "@countersign/core/infrastructure";
import { isLfsPointer } from "@countersign/core/policy";
import { listTree, type Repository, readObjects, type TreeEntry } from "@countersign/git";
import type { ImpactRange } from "./read-impact-files.ts";

/** A test that a person wrote is a tenth of it. */
const LARGEST_TEST = 256 * 1024;
/** Of all that is read for a change, some hundred tests of people; what lies beyond is not read, and leaves open what it tests. */
const MOST_READ = 4 * 1024 * 1024;
const FILE = /^100/;

type Entry = Pick<TreeEntry, "mode" | "id">;

/** Whether anything tests each resource, in the tree that the change leaves behind; nothing is read where none is touched. */
export async function gatherTested(
  range: ImpactRange,
  resources: readonly TouchedResource[],
): Promise<readonly Tested[]> {
  if (resources.length === 0) return [];
  const entries = await readEntries(range);
  const paths = [...entries.keys()];
  const links = new Set(paths.filter((path) => !FILE.test(entries.get(path)?.mode ?? "")));
  const finding = findTested(resources, { paths, links });
  const budget = { left: MOST_READ };
  for (let step = finding.next(); ; ) {
    if (step.done === true) return step.value;
    step = finding.next(await readTexts({ repository: range.repository, entries, budget }, step.value));
  }
}

/** The tree that was listed anyway, with the change on top of it: that needs no process of its own. */
async function readEntries({
  repository,
  newTree,
  changes,
  surroundings,
  isOneOfMany,
}: ImpactRange): Promise<ReadonlyMap<RepoPath, Entry>> {
  if (isOneOfMany === true)
    return new Map((await listTree(repository, newTree)).map((entry) => [entry.path, entry]));
  const entries = new Map<RepoPath, Entry>(surroundings.entries);
  for (const { path, newId, newMode } of changes)
    if (isNullObjectId(newId)) entries.delete(path);
    else entries.set(path, { mode: newMode, id: newId });
  return entries;
}

interface Reading {
  readonly repository: Repository;
  readonly entries: ReadonlyMap<RepoPath, Entry>;
  readonly budget: { left: number };
}

async function readTexts(
  { repository, entries, budget }: Reading,
  paths: readonly RepoPath[],
): Promise<Texts> {
  const ids = new Map<RepoPath, ObjectId>();
  for (const path of paths) {
    const entry = entries.get(path);
    if (entry !== undefined && FILE.test(entry.mode)) ids.set(path, entry.id);
  }
  const texts = new Map<ObjectId, string>();
  for await (const object of readObjects(repository, [...new Set(ids.values())], { maxBytes: LARGEST_TEST }))
    if (object.status === "read") {
      budget.left -= object.bytes.length;
      if (budget.left < 0) break;
      texts.set(object.id, toText(object.bytes));
    }
  return new Map(
    paths.map((path) => {
      const text = texts.get(ids.get(path) ?? "");
      return [path, text === undefined || isLfsPointer(text) ? undefined : text];
    }),
  );
}
