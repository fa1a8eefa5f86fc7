// SPDX-License-Identifier: Apache-2.0
import { parseObjectId } from "@countersign/core/ids";
import { createCommitParser } from "./commit-parser.ts";
import { explainHistoryFailure } from "./find-missing.ts";
import { spawnPair } from "./object-view.ts";
import { endingEarly, type GitProcess, gitFailure } from "./spawn-git.ts";
import type { CommitRange, CommitRecord, Repository } from "./types.ts";

/** Arguments after the subcommand; the ids themselves go through standard input, where no length limit holds. */
export function rangeArguments(range: CommitRange): readonly string[] {
  return [
    "--stdin",
    ...(range.firstParent === true ? ["--first-parent"] : []),
    ...(range.order === "oldest-first" ? ["--topo-order", "--reverse"] : []),
    ...(range.maxCount === undefined ? [] : [`--max-count=${Math.trunc(range.maxCount)}`]),
  ];
}

/** Full ids only, so that no name can be mistaken for an option or for another ref. */
export function rangeInput(range: CommitRange): Buffer {
  const include = range.include.map(parseObjectId);
  const exclude = (range.exclude ?? []).map((id) => `^${parseObjectId(id)}`);
  return Buffer.from([...include, ...exclude, ""].join("\n"));
}

/**
 * Every commit of a range, merges included, each parsed from its exact bytes: two processes in a row, whatever the length
 * of history; memory stays flat. Throws MISSING_OBJECT where history is cut off by anything but a shallow boundary,
 * which `shallowBoundary` tells.
 */
export async function* readCommits(
  repo: Repository,
  range: CommitRange,
): AsyncGenerator<CommitRecord, void, undefined> {
  for await (const commits of readCommitBatches(repo, range)) yield* commits;
}

/**
 * The same commits as they come out of Git's pipe, some dozens at a time and never an empty batch: for a reader of all
 * history an await for each commit costs as much as parsing it.
 */
export async function* readCommitBatches(
  repo: Repository,
  range: CommitRange,
): AsyncGenerator<readonly CommitRecord[], void, undefined> {
  if (range.include.length === 0) return;
  const walk = { args: ["rev-list", ...rangeArguments(range)], input: rangeInput(range) };
  const [list, batch] = await spawnPair(repo, walk, ["cat-file", "--batch", "--buffer"]);
  yield* endingEarly([list, batch], parseBatch(batch));
  await requireSuccess(repo, range, list);
  await requireSuccess(repo, range, batch);
}

async function requireSuccess(repo: Repository, range: CommitRange, process: GitProcess): Promise<void> {
  const exitCode = await process.exit;
  if (exitCode !== 0) throw await explainHistoryFailure(repo, range, gitFailure(process, exitCode));
}

async function* parseBatch(batch: GitProcess): AsyncGenerator<readonly CommitRecord[], void, undefined> {
  const parser = createCommitParser();
  for await (const chunk of batch.stdout as AsyncIterable<Buffer>) {
    const commits = parser.push(chunk);
    if (commits.length > 0) yield commits;
  }
  parser.finish();
}
