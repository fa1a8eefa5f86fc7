// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId, toRawText } from "@countersign/core/ids";
import { explainMergeFailure } from "./find-missing.ts";
import { GitError } from "./git-error.ts";
import { isAtLeast, requireGitVersion } from "./git-version.ts";
import { mergeBases } from "./history.ts";
import { objectCall } from "./object-view.ts";
import { withScratchObjects } from "./scratch-objects.ts";
import { gitFailure, spawnGit } from "./spawn-git.ts";
import type { MergeConflict, MergePair, MergeResult, Repository } from "./types.ts";

const MERGE = ["merge-tree", "--write-tree", "-z", "--no-messages"];
const UNRELATED: MergeResult = { isClean: false, tree: undefined, conflicts: [] };

/**
 * What Git itself makes of each pair of commits, with no merge driver, attribute or setting of anybody taking part, so that two
 * machines always agree. Writes nothing into the repository. Throws MISSING_OBJECT in a partial clone that lacks contents.
 */
export function mergeTrees(repo: Repository, pairs: readonly MergePair[]): Promise<readonly MergeResult[]> {
  return withMerges(repo, pairs, async (results) => results);
}

/**
 * The same, with the merged trees still there while `use` runs: read them through the repository it is given (for example
 * `diffTrees(scratch, result.tree, head)`). They are gone afterwards.
 */
export function withMerges<T>(
  repo: Repository,
  pairs: readonly MergePair[],
  use: (results: readonly MergeResult[], scratch: Repository) => Promise<T>,
): Promise<T> {
  return withScratchObjects(repo, async (scratch) => use(await mergeInto(scratch, pairs), scratch));
}

/** Merges inside a scratch repository that is open already; see `withScratchObjects`. */
export async function mergeInto(
  scratch: Repository,
  pairs: readonly MergePair[],
): Promise<readonly MergeResult[]> {
  const batchSize = isAtLeast(await requireGitVersion(), [2, 39]) ? pairs.length : 1;
  return mergeInBatches(scratch, pairs, batchSize);
}

/** Git 2.38 knows no --stdin and takes one pair per process. Exported for tests. */
export async function mergeInBatches(
  scratch: Repository,
  pairs: readonly MergePair[],
  batchSize: number,
): Promise<readonly MergeResult[]> {
  const results: MergeResult[] = [];
  while (results.length < pairs.length) {
    const batch = pairs.slice(results.length, results.length + Math.max(batchSize, 1));
    const merged = batchSize > 1 ? await mergeBatch(scratch, batch) : await mergeOne(scratch, batch);
    results.push(...merged.results);
    const failed = batch[merged.results.length];
    if (failed !== undefined) results.push(await explainPair(scratch, failed, merged.failure));
  }
  return results;
}

interface Merged {
  readonly results: readonly MergeResult[];
  readonly failure: GitError;
}

async function mergeBatch(scratch: Repository, pairs: readonly MergePair[]): Promise<Merged> {
  const input = pairs.map(({ ours, theirs }) => `${parseObjectId(ours)} ${parseObjectId(theirs)}\n`).join("");
  const { output, failure } = await runMerge(scratch, [...MERGE, "--stdin"], Buffer.from(input));
  return { results: parseMerges(output), failure };
}

async function mergeOne(scratch: Repository, [pair]: readonly MergePair[]): Promise<Merged> {
  if (pair === undefined) throw new GitError("GIT_FAILED", "no pair to merge");
  const args = [...MERGE, parseObjectId(pair.ours), parseObjectId(pair.theirs)];
  const { output, exitCode, failure } = await runMerge(scratch, args);
  // Exit code 1 is a conflict, but also a commit that cannot be read; only the former says what came of it.
  if (exitCode > 1 || output.length === 0) return { results: [], failure };
  return {
    results: parseMerges(Buffer.concat([Buffer.from(`${1 - exitCode}\0`), output, Buffer.from([0])])),
    failure,
  };
}

async function runMerge(scratch: Repository, args: readonly string[], input?: Uint8Array) {
  const process = spawnGit(await objectCall(scratch, args, input));
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  const exitCode = await process.exit;
  return { output: Buffer.concat(chunks), exitCode, failure: gitFailure(process, exitCode) };
}

/** Git stops at the first pair it refuses; unrelated histories are an answer, everything else an error. */
async function explainPair(scratch: Repository, pair: MergePair, failure: GitError): Promise<MergeResult> {
  if ((await mergeBases(scratch, pair.ours, pair.theirs)).length === 0) return UNRELATED;
  throw await explainMergeFailure(scratch, [pair.ours, pair.theirs], failure);
}

/** Parses `merge-tree --stdin -z --no-messages`: status, tree, conflicted entries, empty field. Exported for tests. */
export function parseMerges(output: Buffer): readonly MergeResult[] {
  const fields = toRawText(output).split("\0");
  const results: MergeResult[] = [];
  for (let at = 0; at + 2 < fields.length; at++) {
    const status = fields[at++] ?? "";
    const tree = parseTree(fields[at++] ?? "");
    const conflicts: MergeConflict[] = [];
    for (; (fields[at] ?? "") !== ""; at++) conflicts.push(parseConflict(fields[at] ?? ""));
    if (status !== "0" && status !== "1") throw malformed(status);
    results.push({ isClean: status === "1", tree, conflicts });
  }
  return results;
}

function parseTree(text: string): ObjectId {
  if (!/^[0-9a-f]{40,64}$/.test(text)) throw malformed(text);
  return text;
}

function parseConflict(text: string): MergeConflict {
  const [, mode = "", id = "", stage, path = ""] = /^(\d{6}) ([0-9a-f]+) ([123])\t(.*)$/s.exec(text) ?? [];
  if (stage === undefined) throw malformed(text);
  return { path, mode, id, stage: Number(stage) as MergeConflict["stage"] };
}

function malformed(text: string): GitError {
  return new GitError(
    "OUTPUT_MALFORMED",
    `cannot read this of git merge-tree: ${JSON.stringify(text.slice(0, 120))}`,
  );
}
