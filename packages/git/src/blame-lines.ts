// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId } from "@countersign/core/ids";
import { repositoryEnvironment } from "./environment.ts";
import { GUARDS, repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

export interface BlameCall {
  /** From the top of the work tree, or of the trees of a bare repository. */
  readonly path: string;
  /** Undefined: what the work tree holds. */
  readonly revision?: ObjectId;
  /** Values of `-L`; Git refuses what it cannot read. */
  readonly ranges: readonly string[];
}

/** Records are about what a file holds: a line of its converted text has another number, and is another line. */
const BLAME = ["blame", "--porcelain", "--no-textconv"];

/**
 * The same for the work tree that a folder lies in, before anybody has looked whether it lies in one: Git takes longest of all, and
 * what is asked of it is known at once.
 */
export async function blameLinesAt(
  directory: string,
  { path, ranges }: Omit<BlameCall, "revision">,
): Promise<Buffer> {
  const args = [...GUARDS, ...BLAME, ...ranges.map((range) => `-L${range}`), "--", path];
  return (await runGit({ args, cwd: directory, environment: repositoryEnvironment(process.env) })).stdout;
}

/**
 * What `git blame --porcelain` writes. In the real repository, since people set there which commits to look past
 * (blame.ignoreRevsFile). Throws GIT_FAILED where there is no such file or range.
 */
export async function blameLines(repo: Repository, { path, revision, ranges }: BlameCall): Promise<Buffer> {
  const args = [
    ...BLAME,
    ...ranges.map((range) => `-L${range}`),
    ...(revision === undefined ? [] : [parseObjectId(revision)]),
    "--",
    path,
  ];
  return (await runGit(repositoryCall(repo, args))).stdout;
}
