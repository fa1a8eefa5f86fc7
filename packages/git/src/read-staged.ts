// SPDX-License-Identifier: Apache-2.0
import {
  isObjectId,
  type ObjectFormat,
  type ObjectId,
  type RepoPath,
  toRawBytes,
  toRawText,
} from "@countersign/core/ids";
import { quickHead } from "./quick-read.ts";
import { parseRawRows } from "./read-changes.ts";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { RawChange, Repository } from "./types.ts";

/** What the next commit would be made of. */
export interface StagedChange {
  /** HEAD's commit; undefined on a branch without any. */
  readonly head: ObjectId | undefined;
  /** HEAD's parents: those of an amended commit. */
  readonly headParents: readonly ObjectId[];
  /** The tree of the index. */
  readonly tree: ObjectId;
  /** Against HEAD, or against HEAD's first parent where it is to be amended; rename-free. */
  readonly changes: readonly RawChange[];
}

export const STAGED_OPTIONS: readonly string[] = [
  "--raw",
  "-z",
  "--no-abbrev",
  "--no-renames",
  "--ignore-submodules=none",
  "--no-ext-diff",
  "--no-textconv",
  "--no-relative",
];

/** What whoever started us has asked Git already. */
export interface ToldStaged {
  /** Of `git write-tree`. */
  readonly tree: ObjectId;
  /** Of `git diff-index --cached -z --raw HEAD` with the options below. */
  readonly rows: Buffer;
}

/**
 * Reads the index that a hook was given (GIT_INDEX_FILE in the repository's environment). Git has written its trees by the
 * time that it calls prepare-commit-msg, so nothing large is written here. Throws GIT_FAILED on an index with conflicts.
 */
export async function readStaged(
  repo: Repository,
  isAmending: boolean,
  told?: ToldStaged,
): Promise<StagedChange> {
  const quick = quickHead(repo);
  if (told !== undefined && !isAmending && quick !== undefined && quick !== "unknown")
    return { head: quick, headParents: [], tree: told.tree, changes: parseRawRows(told.rows) };
  const base = isAmending ? "HEAD^" : "HEAD";
  const [ids, tree, rows] = await Promise.all([
    runGit(repositoryCall(repo, ["rev-parse", "-q", "--verify", "HEAD"]), [0, 1, 128]),
    runGit(repositoryCall(repo, ["write-tree"])),
    runGit(repositoryCall(repo, ["diff-index", "--cached", ...STAGED_OPTIONS, base, "--"]), [0, 128]),
  ]);
  const head = ids.exitCode === 0 ? ids.stdout.toString("latin1").trim() : undefined;
  const headParents = head !== undefined && isAmending ? await readParents(repo) : [];
  const staged = tree.stdout.toString("latin1").trim();
  if (rows.exitCode === 0) return { head, headParents, tree: staged, changes: parseRawRows(rows.stdout) };
  // No HEAD, or it has no parent: everything is new.
  const all = await runGit(
    repositoryCall(repo, ["diff-index", "--cached", ...STAGED_OPTIONS, emptyTree(repo.objectFormat), "--"]),
  );
  return { head, headParents, tree: staged, changes: parseRawRows(all.stdout) };
}

async function readParents(repo: Repository): Promise<readonly ObjectId[]> {
  const parsed = await runGit(repositoryCall(repo, ["rev-parse", "HEAD^@"]));
  return parsed.stdout.toString("latin1").split("\n").filter(isObjectId);
}

/** The empty tree's id is known to every Git, whether the object exists or not. */
export function emptyTree(format: ObjectFormat): ObjectId {
  return format === "sha1"
    ? "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    : "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321";
}

/** Blobs that the index has at the given paths; those of conflicts and links left out. */
export async function readIndexBlobs(
  repo: Repository,
  paths: readonly RepoPath[],
): Promise<ReadonlyMap<RepoPath, ObjectId>> {
  const blobs = new Map<RepoPath, ObjectId>();
  // Arguments are UTF-8 for Node; a path of other bytes is simply not found, and then counts as not committed.
  const plain = paths.filter((path) => Buffer.from(path, "utf8").equals(toRawBytes(path)));
  if (plain.length === 0) return blobs;
  const args = ["--literal-pathspecs", "ls-files", "-s", "-z", "--full-name", "--", ...plain];
  const listed = await runGit(repositoryCall(repo, args));
  for (const row of splitNul(listed.stdout)) {
    const [, mode, id = "", stage] = /^(\d{6}) ([0-9a-f]+) (\d)\t/.exec(row.toString("latin1")) ?? [];
    if (mode?.startsWith("100") === true && stage === "0")
      blobs.set(toRawText(row.subarray(row.indexOf(0x09) + 1)), id);
  }
  return blobs;
}

function splitNul(bytes: Buffer): Buffer[] {
  const rows: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0, start);
    const next = end < 0 ? bytes.length : end;
    rows.push(bytes.subarray(start, next));
    start = next + 1;
  }
  return rows;
}
