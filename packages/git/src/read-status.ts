// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, type ObjectId, type RepoPath, toRawText } from "@countersign/core/ids";
import { repositoryEnvironment } from "./environment.ts";
import { runGit } from "./spawn-git.ts";

/** A path of which the work tree, the index and HEAD do not all hold the same. */
export interface StatusEntry {
  readonly path: RepoPath;
  /** The blob in HEAD; null for none. */
  readonly headBlob: ObjectId | null;
  /** Whether the work tree has something there. */
  readonly isPresent: boolean;
}

export interface StatusRequest {
  readonly workTree: string;
  readonly gitDir: string;
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

/**
 * What differs from HEAD, told by the index's own stat data in one process that writes nothing. Submodules, nested
 * repositories and ignored files are left out. Throws GIT_FAILED.
 */
export async function readStatus({ workTree, gitDir }: StatusRequest): Promise<readonly StatusEntry[]> {
  const environment = repositoryEnvironment(process.env, { GIT_DIR: gitDir, GIT_WORK_TREE: workTree });
  const { stdout } = await runGit({ args: ARGUMENTS, cwd: workTree, environment });
  const entries: StatusEntry[] = [];
  for (let start = 0; start < stdout.length; ) {
    const end = stdout.indexOf(0, start);
    const next = end < 0 ? stdout.length : end;
    const entry = parseEntry(stdout.subarray(start, next));
    if (entry !== undefined) entries.push(entry);
    start = next + 1;
  }
  return entries;
}

/** `git-status(1)`, porcelain format version 2: ordinary, unmerged and untracked entries. */
function parseEntry(bytes: Uint8Array): StatusEntry | undefined {
  const text = toRawText(bytes);
  const kind = text[0];
  if (kind === "?") {
    const path = text.slice(2);
    return path.endsWith("/") ? undefined : { path, headBlob: null, isPresent: true };
  }
  if (kind === "1") {
    const [, , , , , worktreeMode, headId = "", , ...path] = text.split(" ");
    const headBlob = isNullObjectId(headId) ? null : headId;
    return { path: path.join(" "), headBlob, isPresent: worktreeMode !== "000000" };
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
