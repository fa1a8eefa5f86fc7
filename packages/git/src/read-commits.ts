// SPDX-License-Identifier: Apache-2.0
import { parseObjectId } from "@countersign/core/ids";
import { type CommitParser, createCommitParser, type WalkedCommit } from "./commit-parser.ts";
import { createExactReader, type ExactReader } from "./exact-reader.ts";
import { explainHistoryFailure } from "./find-missing.ts";
import { objectCall } from "./object-view.ts";
import { endingEarly, type GitProcess, gitFailure, spawnGit } from "./spawn-git.ts";
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
 * Every commit of a range, merges included, each parsed from its exact bytes, which its id proves: one process, and a
 * second one where Git does not show a commit whole; memory stays flat, whatever the length of history. Throws
 * MISSING_OBJECT where history is cut off by anything but a shallow boundary, which `shallowBoundary` tells.
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
  // Walking and reading apart (`rev-list | cat-file`) would inflate every commit twice.
  const args = ["rev-list", "--header", "--encoding=none", ...rangeArguments(range)];
  const walk = spawnGit(await objectCall(repo, args, rangeInput(range)));
  const exact = createExactReader(repo);
  try {
    yield* endingEarly([walk], parseWalk(walk, createCommitParser(repo.objectFormat), exact));
  } finally {
    exact.end();
  }
  const exitCode = await walk.exit;
  if (exitCode !== 0) throw await explainHistoryFailure(repo, range, gitFailure(walk, exitCode));
}

/** Batches that may wait for commits read by themselves, so that Git answers while the next batch is parsed. */
const AHEAD = 4;

async function* parseWalk(
  walk: GitProcess,
  parser: CommitParser,
  exact: ExactReader,
): AsyncGenerator<readonly CommitRecord[], void, undefined> {
  const waiting: (readonly WalkedCommit[])[] = [];
  for await (const chunk of walk.stdout as AsyncIterable<Buffer>) {
    const commits = parser.push(chunk);
    if (commits.length === 0) continue;
    const odd = commits.filter((commit) => typeof commit === "string");
    if (odd.length === 0 && waiting.length === 0) {
      yield commits as readonly CommitRecord[];
      continue;
    }
    if (odd.length > 0) await exact.ask(odd);
    waiting.push(commits);
    if (waiting.length > AHEAD) yield await complete(waiting.shift() ?? [], exact);
  }
  // Where Git failed inside a commit, its exit code says more.
  if ((await walk.exit) === 0) parser.finish();
  for (const commits of waiting) yield await complete(commits, exact);
}

function isRead(commit: WalkedCommit): commit is CommitRecord {
  return typeof commit !== "string";
}

/** The commits with those in place that were read by themselves. */
async function complete(
  commits: readonly WalkedCommit[],
  exact: ExactReader,
): Promise<readonly CommitRecord[]> {
  const read: CommitRecord[] = [];
  for (const commit of commits) read.push(isRead(commit) ? commit : await exact.next());
  return read;
}
