// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId, type RepoPath, toRawText } from "@countersign/core/ids";
import { missingObjects } from "./find-missing.ts";
import { objectCall } from "./object-view.ts";
import { gitFailure, spawnGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/** A file, link or submodule of a tree. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: ObjectId;
  readonly path: RepoPath;
}

/** Everything in a tree, folders themselves left out, in Git's order. Throws MISSING_OBJECT. */
export async function listTree(repo: Repository, tree: ObjectId): Promise<readonly TreeEntry[]> {
  const process = spawnGit(
    await objectCall(repo, ["ls-tree", "-r", "-z", "--full-tree", parseObjectId(tree)]),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  const exitCode = await process.exit;
  // Only an absent or damaged tree makes this fail.
  if (exitCode !== 0) throw missingObjects(repo, [tree], gitFailure(process, exitCode));
  return parseListing(Buffer.concat(chunks));
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
