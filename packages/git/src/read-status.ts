// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isNullObjectId, type ObjectId, type RepoPath, toRawText } from "@countersign/core/ids";
import { createByteReader } from "./byte-reader.ts";
import { repositoryEnvironment } from "./environment.ts";
import { GitError } from "./git-error.ts";
import { type GitProcess, gitFailure, spawnGit } from "./spawn-git.ts";

/** A path of which the work tree, the index and HEAD do not all hold the same. */
export interface StatusEntry {
  readonly path: RepoPath;
  /** The blob in HEAD; null for none. */
  readonly headBlob: ObjectId | null;
  /** The blob in the index, where it has one that is neither HEAD's nor what the work tree holds. */
  readonly stagedBlob?: ObjectId;
  /** Whether the work tree has something there. */
  readonly isPresent: boolean;
}

export interface StatusRequest {
  readonly workTree: string;
  readonly gitDir: string;
  /** Entries after which no more are read; default: all. */
  readonly maxEntries?: number;
  /** Milliseconds after which git is ended; default: never. */
  readonly timeout?: number;
}

export interface WorkTreeStatus {
  readonly entries: readonly StatusEntry[];
  /** Folders that are repositories of their own and no submodules. */
  readonly nested: readonly RepoPath[];
  /** There are more entries than were asked for. */
  readonly isCut: boolean;
}

const ARGUMENTS = [
  "-c",
  "core.fsmonitor=false",
  "status",
  "--porcelain=v2",
  "-z",
  "--untracked-files=all",
  "--no-renames",
  "--ignore-submodules=all",
];

/** All entries of {@link readWorkTreeStatus}. */
export async function readStatus(request: StatusRequest): Promise<readonly StatusEntry[]> {
  return (await readWorkTreeStatus(request)).entries;
}

/**
 * What differs from HEAD, told by the index's own stat data in one process that writes nothing. Submodules and ignored files
 * are left out. Throws GIT_FAILED, also where the time is over.
 */
export async function readWorkTreeStatus(request: StatusRequest): Promise<WorkTreeStatus> {
  const { workTree, maxEntries = Number.POSITIVE_INFINITY, timeout } = request;
  const process = spawnGit({ args: ARGUMENTS, cwd: workTree, environment: environmentOf(request) });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    process.kill();
  }, timeout ?? LONGEST_TIMER);
  try {
    const status = await collect(process, maxEntries);
    if (status.isCut) return status;
    const exitCode = await process.exit;
    if (isLate) throw new GitError("GIT_FAILED", `git status took longer than ${timeout} ms`);
    if (exitCode !== 0) throw gitFailure(process, exitCode);
    return status;
  } finally {
    clearTimeout(timer);
    process.kill();
  }
}

const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Git finds the repository by itself and checks whose it is, so that nobody's status starts a program of a stranger's choice;
 * it is told where to look only where the work tree does not say so (core.worktree).
 */
function environmentOf({ workTree, gitDir }: StatusRequest): Record<string, string> {
  const told = existsSync(join(workTree, ".git")) ? {} : { GIT_DIR: gitDir, GIT_WORK_TREE: workTree };
  return repositoryEnvironment(process.env, told);
}

async function collect(process: GitProcess, maxEntries: number): Promise<WorkTreeStatus> {
  const entries: StatusEntry[] = [];
  const nested: RepoPath[] = [];
  const reader = createByteReader(process.stdout as AsyncIterable<Buffer>);
  for (;;) {
    const bytes = await readRecord(reader);
    if (bytes === undefined) return { entries, nested, isCut: false };
    const entry = parseEntry(bytes);
    if (entry === undefined) continue;
    if (typeof entry === "string") nested.push(entry);
    else if (entries.length >= maxEntries) return { entries, nested, isCut: true };
    else entries.push(entry);
  }
}

/** Undefined at the end, and where git was ended in the middle of a record. */
async function readRecord(reader: ReturnType<typeof createByteReader>): Promise<Buffer | undefined> {
  try {
    return await reader.readUntil(0);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** `git-status(1)`, porcelain format version 2: ordinary, unmerged and untracked entries. A text is a nested repository. */
function parseEntry(bytes: Uint8Array): StatusEntry | RepoPath | undefined {
  const text = toRawText(bytes);
  const kind = text[0];
  if (kind === "?") {
    const path = text.slice(2);
    return path.endsWith("/") ? path.slice(0, -1) : { path, headBlob: null, isPresent: true };
  }
  if (kind === "1") {
    const [, states = "", submodule = "", , , worktreeMode, headId = "", indexId = "", ...path] =
      text.split(" ");
    if (submodule.startsWith("S")) return undefined;
    const headBlob = isNullObjectId(headId) ? null : headId;
    const isBetween = !states.includes(".") && !isNullObjectId(indexId);
    const staged = isBetween ? { stagedBlob: indexId } : {};
    return { path: path.join(" "), headBlob, ...staged, isPresent: worktreeMode !== "000000" };
  }
  if (kind === "u") {
    const [, , , , , , worktreeMode, , ours = "", , ...path] = text.split(" ");
    return {
      path: path.join(" "),
      headBlob: isNullObjectId(ours) ? null : ours,
      isPresent: worktreeMode !== "000000",
    };
  }
  return undefined;
}
