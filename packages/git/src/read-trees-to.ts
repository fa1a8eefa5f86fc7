// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, type RepoPath, toHex, toUtf8 } from "@countersign/core/ids";
import { readCommitTrees } from "./commit-trees.ts";
import { readObjects } from "./read-objects.ts";
import type { Repository } from "./types.ts";

/**
 * Contents of the trees on the way to a file, the commit's own first: who knows the commit's name can check by them which file it has there.
 * Fewer where the path leads nowhere. Throws MISSING_OBJECT where the commit is not here.
 */
export async function readTreesTo(
  repo: Repository,
  commit: ObjectId,
  path: RepoPath,
): Promise<readonly Uint8Array[]> {
  const [root] = await readCommitTrees(repo, [commit]);
  const trees: Uint8Array[] = [];
  let id = root?.tree;
  for (const name of path.split("/")) {
    const tree: Uint8Array | undefined = id === undefined ? undefined : await readTree(repo, id);
    if (tree === undefined) break;
    trees.push(tree);
    id = findEntry(tree, name, commit.length / 2);
  }
  return trees;
}

async function readTree(repo: Repository, id: ObjectId): Promise<Uint8Array | undefined> {
  for await (const object of readObjects(repo, [id]))
    if (object.status === "read" && object.type === "tree") return object.bytes;
  return undefined;
}

/** Rows of a tree object: mode, a blank, name, NUL, and the raw id. */
function findEntry(tree: Uint8Array, name: string, idLength: number): ObjectId | undefined {
  const wanted = Buffer.from(toUtf8(name));
  for (let at = 0; at < tree.length; ) {
    const blank = tree.indexOf(0x20, at);
    const end = tree.indexOf(0, blank);
    if (blank < 0 || end < 0) return undefined;
    if (wanted.equals(tree.subarray(blank + 1, end)))
      return toHex(tree.subarray(end + 1, end + 1 + idLength));
    at = end + 1 + idLength;
  }
  return undefined;
}
