// SPDX-License-Identifier: Apache-2.0
import { tmpdir } from "node:os";
import { repositoryEnvironment } from "./environment.ts";
import { GitError } from "./git-error.ts";
import { runGit } from "./spawn-git.ts";

/** Major and minor number. */
export type GitVersion = readonly [number, number];

/** The first Git with `merge-tree --write-tree`, without which no merge can be re-computed. */
const OLDEST: GitVersion = [2, 38];

let asked: Promise<GitVersion> | undefined;

/** Version of the git on PATH; asked once per process. Throws GIT_TOO_OLD, GIT_NOT_FOUND. */
export function requireGitVersion(): Promise<GitVersion> {
  asked ??= askVersion();
  return asked;
}

async function askVersion(): Promise<GitVersion> {
  const call = { args: ["version"], cwd: tmpdir(), environment: repositoryEnvironment(process.env) };
  return parseGitVersion((await runGit(call)).stdout.toString("utf8"));
}

/** Exported for tests. */
export function parseGitVersion(text: string): GitVersion {
  const match = /(\d+)\.(\d+)/.exec(text);
  const version: GitVersion = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  if (isAtLeast(version, OLDEST)) return version;
  throw new GitError(
    "GIT_TOO_OLD",
    `Git 2.38 or newer is needed, found ${JSON.stringify(text.trim())}; install a newer Git`,
  );
}

export function isAtLeast(version: GitVersion, wanted: GitVersion): boolean {
  return version[0] > wanted[0] || (version[0] === wanted[0] && version[1] >= wanted[1]);
}
