// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId } from "@countersign/core/ids";
import { explainHistoryFailure } from "./find-missing.ts";
import { GitError } from "./git-error.ts";
import { objectCall } from "./object-view.ts";
import { parseLog } from "./read-changes.ts";
import { gitFailure, spawnGit } from "./spawn-git.ts";
import type { RawChange, Repository } from "./types.ts";

export interface TreePair {
  readonly from: ObjectId;
  readonly to: ObjectId;
}

const DIFF = [
  "diff-tree",
  "--stdin",
  "-r",
  "-z",
  "--raw",
  "--no-abbrev",
  "--no-renames",
  "--ignore-submodules=none",
  "--no-ext-diff",
  "--no-textconv",
  "--no-relative",
];

/**
 * The rename-free difference of each pair of trees, in the order given, as `diffTrees` tells it, in one process for all. Ids
 * of trees, not of commits. Throws MISSING_OBJECT.
 */
export async function diffTreePairs(
  repo: Repository,
  pairs: readonly TreePair[],
): Promise<readonly (readonly RawChange[])[]> {
  if (pairs.length === 0) return [];
  const rows = pairs.map(({ from, to }) => `${parseObjectId(from)} ${parseObjectId(to)}\n`);
  const process = spawnGit(await objectCall(repo, DIFF, Buffer.from(rows.join(""))));
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  const exitCode = await process.exit;
  if (exitCode !== 0) {
    const include = [...new Set(pairs.flatMap(({ from, to }) => [from, to]))];
    throw await explainHistoryFailure(repo, { include }, gitFailure(process, exitCode));
  }
  return await readBlocks(Buffer.concat(chunks), rows);
}

/** Git answers each line with the line itself, then its rows. No path can hold such a line where a row must begin. */
async function readBlocks(
  output: Buffer,
  heads: readonly string[],
): Promise<readonly (readonly RawChange[])[]> {
  const found: (readonly RawChange[])[] = [];
  let at = 0;
  for (const [i, head] of heads.entries()) {
    if (output.subarray(at, at + head.length).toString("latin1") !== head)
      throw new GitError("OUTPUT_MALFORMED", `git diff-tree did not answer ${JSON.stringify(head.trim())}`);
    at += head.length;
    const end = findBlockEnd(output, at, heads[i + 1]);
    found.push(await parseRows(output.subarray(at, end)));
    at = end;
  }
  return found;
}

const COLON = 0x3a;

/** Rows come in twos, each ended by a NUL: the fields, which begin with a colon, and the path. */
function findBlockEnd(output: Buffer, start: number, next: string | undefined): number {
  let at = start;
  while (output[at] === COLON) {
    const end = output.indexOf(0, output.indexOf(0, at) + 1);
    if (end <= at) throw new GitError("OUTPUT_MALFORMED", "git diff-tree ended within a row");
    at = end + 1;
  }
  if (next === undefined && at !== output.length)
    throw new GitError("OUTPUT_MALFORMED", "git diff-tree said more than it was asked");
  return at;
}

async function parseRows(block: Buffer): Promise<readonly RawChange[]> {
  if (block.length === 0) return [];
  const head = Buffer.from(`${"0".repeat(40)}\0`);
  for await (const { changes } of parseLog(one(Buffer.concat([head, block])))) return changes;
  return [];
}

async function* one(buffer: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield buffer;
}
