// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { createByteReader } from "./byte-reader.ts";
import { GitError } from "./git-error.ts";
import { objectCall } from "./object-view.ts";
import { parseCommit } from "./parse-commit.ts";
import { parseHeader, readObjectType } from "./read-objects.ts";
import { shallowBoundary } from "./shallow-boundary.ts";
import { runGit, spawnGit } from "./spawn-git.ts";
import type { CommitRange, Repository } from "./types.ts";

const LINE_FEED = 0x0a;

/**
 * Says why a walk over history failed: MISSING_OBJECT with the ids where objects are absent, else the failure itself.
 * Looks for itself instead of reading Git's complaint, whose words change between versions.
 */
export async function explainHistoryFailure(
  repo: Repository,
  range: CommitRange,
  failure: GitError,
): Promise<GitError> {
  const tips = [...range.include, ...(range.exclude ?? [])];
  const commits = await findMissingCommits(repo, tips);
  const missing = commits.length > 0 ? commits : await findMissingTrees(repo, tips);
  return missing.length === 0 ? failure : missingObjects(repo, missing, failure);
}

export function missingObjects(repo: Repository, missing: readonly ObjectId[], cause?: unknown): GitError {
  const names = missing.slice(0, 3).join(", ");
  const advice = repo.isShallow
    ? "this is a shallow clone; run git fetch --unshallow (in GitHub Actions: fetch-depth: 0)"
    : repo.isPartial
      ? "this is a partial clone; run git fetch --refetch --no-filter, or clone without --filter"
      : "run git fsck and fetch again";
  const message = `${missing.length} object(s) that history needs are not in this repository (${names}); ${advice}`;
  return new GitError("MISSING_OBJECT", message, { cause, objects: missing });
}

/** Commits whose whole ancestry was seen; a decision asks about the same history many times. */
const WHOLE = new WeakMap<Repository, Set<ObjectId>>();

/** Walks commits breadth first and stops at the first generation in which one is absent. Trees are not looked at. */
export async function findMissingCommits(
  repo: Repository,
  tips: readonly ObjectId[],
): Promise<readonly ObjectId[]> {
  const whole = WHOLE.get(repo) ?? new Set();
  WHOLE.set(repo, whole);
  const boundary = new Set(await shallowBoundary(repo));
  const process = spawnGit({ ...(await objectCall(repo, ["cat-file", "--batch"])), keepInputOpen: true });
  const reader = createByteReader(process.stdout as AsyncIterable<Buffer>);
  const seen = new Set<ObjectId>(tips);
  try {
    for (let generation = [...seen].filter((id) => !whole.has(id)); generation.length > 0; ) {
      process.stdin?.write(`${generation.join("\n")}\n`);
      const missing: ObjectId[] = [];
      const parents = new Set<ObjectId>();
      for (const id of generation) {
        const header = parseHeader(await reader.readUntil(LINE_FEED));
        if (header.type === undefined) {
          missing.push(id);
          continue;
        }
        const record = parseCommit(id, await reader.readBytes(header.size));
        await reader.skipBytes(1);
        if (header.type === "commit" && !boundary.has(id))
          for (const parent of record.parents) parents.add(parent);
      }
      if (missing.length > 0) return missing;
      generation = [...parents].filter((id) => !seen.has(id) && !whole.has(id));
      for (const id of generation) seen.add(id);
    }
    for (const id of seen) whole.add(id);
    return [];
  } finally {
    process.kill();
  }
}

/** Blobs do not count: nothing that walks history reads them. */
function findMissingTrees(repo: Repository, tips: readonly ObjectId[]): Promise<readonly ObjectId[]> {
  return listMissing(repo, ["--filter=blob:none"], tips);
}

/** Objects absent from the trees of the given commits, contents included; history is not walked. */
export async function findMissingObjects(
  repo: Repository,
  commits: readonly ObjectId[],
): Promise<readonly ObjectId[]> {
  const found = await readObjectType(repo, commits);
  const absent = found.filter((object) => object.type === undefined).map((object) => object.id);
  if (absent.length > 0) return absent;
  return listMissing(
    repo,
    [],
    commits.map((id) => `${id}^{tree}`),
  );
}

async function listMissing(repo: Repository, filter: readonly string[], names: readonly string[]) {
  const args = ["rev-list", "--objects", "--missing=print", ...filter, "--stdin"];
  const listed = await runGit(await objectCall(repo, args, Buffer.from(`${names.join("\n")}\n`)), [0, 128]);
  const rows = listed.stdout.toString("latin1").split("\n");
  return rows.filter((row) => row.startsWith("?")).map((row) => row.slice(1));
}

/** Says why two commits could not be merged. */
export async function explainMergeFailure(
  repo: Repository,
  commits: readonly ObjectId[],
  failure: GitError,
): Promise<GitError> {
  const missing = await findMissingObjects(repo, commits);
  if (missing.length > 0) return missingObjects(repo, missing, failure);
  // The merge bases' contents take part too; they are in the trees of ancestors.
  const older = await listMissing(repo, [], commits);
  return older.length > 0 ? missingObjects(repo, older, failure) : failure;
}
