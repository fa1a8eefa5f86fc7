// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, parseObjectId, type RepoPath, toRawText } from "@countersign/core/ids";
import { createByteReader } from "./byte-reader.ts";
import { explainHistoryFailure } from "./find-missing.ts";
import { GitError } from "./git-error.ts";
import { objectCall } from "./object-view.ts";
import { endingEarly, gitFailure, spawnGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/** One side of a file; mode `000000` and a null id where it is absent. */
export interface FileSide {
  readonly mode: string;
  readonly id: ObjectId;
}

/** A path in which a commit differs from every one of its parents. */
export interface ParentedChange extends FileSide {
  readonly path: RepoPath;
  /** The same path in each parent, in their order; one absent side for a root commit. */
  readonly parents: readonly FileSide[];
}

const NUL = 0;
const DIFF = [
  "diff-tree",
  "--stdin",
  "-r",
  "-z",
  "-c",
  "--root",
  "--raw",
  "--no-abbrev",
  "--no-renames",
  "--ignore-submodules=none",
  "--no-ext-diff",
  "--no-textconv",
  "--no-relative",
];

/**
 * What each commit has that none of its parents has, in the order given; commits without such paths are left out. What a
 * merge took over from one side is no change of its own. One process, trees only. The caller has seen the commits: Git says
 * nothing of those that are missing, and at a shallow boundary everything looks added. Throws MISSING_OBJECT for trees.
 */
export async function* readParentedChanges(
  repo: Repository,
  commits: readonly ObjectId[],
): AsyncGenerator<{ readonly id: ObjectId; readonly changes: readonly ParentedChange[] }, void, undefined> {
  if (commits.length === 0) return;
  const input = Buffer.from(`${commits.map(parseObjectId).join("\n")}\n`);
  const process = spawnGit(await objectCall(repo, DIFF, input));
  yield* endingEarly([process], parseRows(process.stdout as AsyncIterable<Buffer>));
  const exitCode = await process.exit;
  if (exitCode !== 0)
    throw await explainHistoryFailure(repo, { include: commits }, gitFailure(process, exitCode));
}

async function* parseRows(chunks: AsyncIterable<Buffer>) {
  const reader = createByteReader(chunks);
  let current: { readonly id: ObjectId; readonly changes: ParentedChange[] } | undefined;
  for (let token = await reader.readUntil(NUL); token !== undefined; token = await reader.readUntil(NUL)) {
    const text = token.toString("latin1");
    if (isObjectId(text)) {
      if (current !== undefined) yield current;
      current = { id: text, changes: [] };
      continue;
    }
    const path = await reader.readUntil(NUL);
    const change = path === undefined ? undefined : parseChange(text, toRawText(path));
    if (change === undefined || current === undefined)
      throw new GitError(
        "OUTPUT_MALFORMED",
        `cannot read this row of git diff-tree: ${JSON.stringify(text.slice(0, 120))}`,
      );
    current.changes.push(change);
  }
  if (current !== undefined) yield current;
}

/** One colon for each parent, then the modes of all sides, their ids, and a letter for each parent. */
function parseChange(row: string, path: RepoPath): ParentedChange | undefined {
  const count = /^:+/.exec(row)?.[0].length ?? 0;
  const fields = row.slice(count).split(" ");
  if (count === 0 || fields.length !== 2 * (count + 1) + 1) return undefined;
  const sides = Array.from({ length: count + 1 }, (_, i) => ({
    mode: fields[i] ?? "",
    id: fields[count + 1 + i] ?? "",
  }));
  const own = sides.pop();
  return own === undefined ? undefined : { path, ...own, parents: sides };
}
