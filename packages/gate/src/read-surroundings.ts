// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, type RepoPath, toText } from "@countersign/core/ids";
import { createLinkMap, type LinkMap, NO_LINKS } from "@countersign/core/policy";
import { listTree, type Repository, readObjects, SYMLINK, type TreeEntry } from "@countersign/git";

/** What lies around a change and is not part of it, as far as it changes what the change means. */
export interface Surroundings {
  readonly links: LinkMap;
  /** Every path of the tree. */
  readonly paths: readonly RepoPath[];
  /** What lies at each of them; of the last tree, where several have one. */
  readonly entries: ReadonlyMap<RepoPath, TreeEntry>;
}

export const NO_SURROUNDINGS: Surroundings = { links: NO_LINKS, paths: [], entries: new Map() };
/** Longest path that Linux takes; a longer link leads nowhere. */
const LONGEST_TARGET = 4096;

/**
 * The tree that a change lands on: links through which a changed file is also known, or a new link leads further (T42),
 * and names that a new file may collide with (T43). Several trees are taken as one that holds all of them. Links that the change itself makes are classed on their own.
 */
export async function readSurroundings(
  repository: Repository,
  ...trees: readonly ObjectId[]
): Promise<Surroundings> {
  const entries: TreeEntry[] = [];
  for (const tree of new Set(trees))
    for (const entry of await listTree(repository, tree)) entries.push(entry);
  const links = entries.filter((entry) => entry.mode === SYMLINK);
  const texts = new Map<ObjectId, string>();
  const ids = [...new Set(links.map((link) => link.id))];
  for await (const blob of readObjects(repository, ids, { maxBytes: LONGEST_TARGET }))
    if (blob.status === "read") texts.set(blob.id, toText(blob.bytes));
  const targets = new Map(links.map(({ path, id }) => [path, texts.get(id) ?? ""]));
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return { links: createLinkMap(targets), paths: [...byPath.keys()], entries: byPath };
}
