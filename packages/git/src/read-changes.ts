// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, parseObjectId, toRawText } from "@countersign/core/ids";
import { createByteReader } from "./byte-reader.ts";
import { explainHistoryFailure, missingObjects } from "./find-missing.ts";
import { GitError } from "./git-error.ts";
import { objectCall } from "./object-view.ts";
import { rangeArguments, rangeInput, readCommits } from "./read-commits.ts";
import { readObjectType } from "./read-objects.ts";
import { endingEarly, gitFailure, spawnGit } from "./spawn-git.ts";
import type { CommitChanges, CommitRange, CommitRecord, RawChange, Repository } from "./types.ts";

const NUL = 0;
/** Renames are a deletion and an addition (T40); submodules always count; attributes and drivers never (T44). */
export const RAW = [
  "--raw",
  "-z",
  "--no-abbrev",
  "--no-renames",
  "--ignore-submodules=none",
  "--no-ext-diff",
  "--no-textconv",
  "--no-relative",
];
const CHANGE = /^\n?:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([AMDT])$/;

/**
 * What every commit of a range changes against its first parent, in the order of `readCommits`, commits without changes
 * included. Reads trees only, so it works in a clone that left blobs out. With `merges: "remerge"` it reads contents too,
 * writes objects (give it a scratch repository) and leaves out merges of more than two parents.
 */
export async function* readChanges(
  repo: Repository,
  range: CommitRange,
): AsyncGenerator<CommitChanges, void, undefined> {
  if (range.include.length === 0) return;
  const args = [
    "log",
    ...rangeArguments(range),
    "--format=%H",
    "--root",
    `--diff-merges=${range.merges ?? "first-parent"}`,
    "--no-show-signature",
    // For more than two parents Git would write a sentence of prose into the rows instead of a remerge.
    ...(range.merges === "remerge" ? ["--max-parents=2"] : []),
    ...RAW,
  ];
  const process = spawnGit(await objectCall(repo, args, rangeInput(range)));
  yield* endingEarly([process], parseLog(process.stdout as AsyncIterable<Buffer>));
  const exitCode = await process.exit;
  if (exitCode !== 0) throw await explainHistoryFailure(repo, range, gitFailure(process, exitCode));
}

/** Each commit of a range with what it changes; nothing for an octopus merge under `merges: "remerge"`. */
export async function* readCommitsWithChanges(
  repo: Repository,
  range: CommitRange,
): AsyncGenerator<
  { readonly commit: CommitRecord; readonly changes: readonly RawChange[] },
  void,
  undefined
> {
  const changes = readChanges(repo, range);
  try {
    for await (const commit of readCommits(repo, range)) {
      if (range.merges === "remerge" && commit.parents.length > 2) {
        yield { commit, changes: [] };
        continue;
      }
      const next = await changes.next();
      if (next.done === true || next.value.id !== commit.id) {
        throw new GitError(
          "OUTPUT_MALFORMED",
          `git listed history in two orders at ${commit.id}; run the command again`,
        );
      }
      yield { commit, changes: next.value.changes };
    }
  } finally {
    await changes.return(undefined);
  }
}

/** Parses `git log -z --raw --format=%H`; exported for tests. */
export async function* parseLog(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<CommitChanges, void, undefined> {
  const reader = createByteReader(chunks);
  let current: { readonly id: ObjectId; readonly changes: RawChange[] } | undefined;
  for (let token = await reader.readUntil(NUL); token !== undefined; token = await reader.readUntil(NUL)) {
    const text = token.toString("latin1");
    if (isObjectId(text)) {
      if (current !== undefined) yield current;
      current = { id: text, changes: [] };
    } else if (text !== "") {
      const change = parseChange(text, await reader.readUntil(NUL));
      if (current === undefined) throw malformed(text);
      current.changes.push(change);
    }
  }
  if (current !== undefined) yield current;
}

function parseChange(header: string, path: Buffer | undefined): RawChange {
  const [, oldMode, newMode, oldId, newId, status] = CHANGE.exec(header) ?? [];
  if (
    oldMode === undefined ||
    newMode === undefined ||
    oldId === undefined ||
    newId === undefined ||
    path === undefined
  ) {
    throw malformed(header);
  }
  return { status: status as RawChange["status"], oldMode, newMode, oldId, newId, path: toRawText(path) };
}

function malformed(text: string): GitError {
  return new GitError(
    "OUTPUT_MALFORMED",
    `cannot read this raw diff line of git: ${JSON.stringify(text.slice(0, 120))}`,
  );
}

/** Rows of `git diff-tree -z --raw` or `git diff-index -z --raw`. */
export function parseRawRows(stdout: Buffer): readonly RawChange[] {
  const changes: RawChange[] = [];
  for (let at = 0; at < stdout.length; ) {
    const middle = stdout.indexOf(0, at);
    const end = middle < 0 ? -1 : stdout.indexOf(0, middle + 1);
    const path = end < 0 ? undefined : stdout.subarray(middle + 1, end);
    changes.push(parseChange(stdout.toString("latin1", at, middle < 0 ? stdout.length : middle), path));
    at = end + 1;
  }
  return changes;
}

/** Differences between two trees (or commits' trees), rename-free, sorted as Git sorts paths. Throws MISSING_OBJECT. */
export async function diffTrees(
  repo: Repository,
  treeA: ObjectId,
  treeB: ObjectId,
): Promise<readonly RawChange[]> {
  if (parseObjectId(treeA) === parseObjectId(treeB)) return [];
  const process = spawnGit(await objectCall(repo, ["diff-tree", "-r", ...RAW, treeA, treeB]));
  const reader = createByteReader(process.stdout as AsyncIterable<Buffer>);
  const changes: RawChange[] = [];
  for (let token = await reader.readUntil(NUL); token !== undefined; token = await reader.readUntil(NUL)) {
    changes.push(parseChange(token.toString("latin1"), await reader.readUntil(NUL)));
  }
  const exitCode = await process.exit;
  if (exitCode === 0) return changes;
  throw await explainDiffFailure(repo, [treeA, treeB], gitFailure(process, exitCode));
}

async function explainDiffFailure(
  repo: Repository,
  trees: readonly ObjectId[],
  failure: GitError,
): Promise<GitError> {
  const missing = (await readObjectType(repo, trees)).filter((found) => found.type === undefined);
  if (missing.length > 0)
    return missingObjects(
      repo,
      missing.map((found) => found.id),
      failure,
    );
  return explainHistoryFailure(repo, { include: trees }, failure);
}
