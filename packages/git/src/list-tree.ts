// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId, type RepoPath, toRawText } from "@countersign/core/ids";
import { missingObjects } from "./find-missing.ts";
import { readTreeRows } from "./tree-rows.ts";
import type { Repository } from "./types.ts";

/** A file, link or submodule of a tree. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: ObjectId;
  readonly path: RepoPath;
}

/** Everything in a tree, folders themselves left out, in Git's order. Throws MISSING_OBJECT. */
export async function listTree(repo: Repository, tree: ObjectId): Promise<readonly TreeEntry[]> {
  const listed = await readTreeRows(repo, parseObjectId(tree), { isDeep: true });
  // Only an absent or damaged tree makes this fail.
  if ("failure" in listed) throw missingObjects(repo, [tree], listed.failure);
  return parseListing(listed.rows);
}

/** Rows are `<mode> <type> <id>\t<path>`; nearly every path is ASCII, which needs no second look. */
function parseListing(listing: Buffer): readonly TreeEntry[] {
  const rows = listing.toString("latin1").split("\0");
  rows.pop();
  return rows.map((row) => {
    const tab = row.indexOf("\t");
    const path = row.slice(tab + 1);
    const isPlain = ASCII.test(path);
    return {
      mode: row.slice(0, 6),
      id: row.slice(row.lastIndexOf(" ", tab) + 1, tab),
      path: isPlain ? path : toRawText(Buffer.from(path, "latin1")),
    };
  });
}

const ASCII = /^[\t\n -~]*$/;
