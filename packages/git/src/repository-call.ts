// SPDX-License-Identifier: Apache-2.0
import { repositoryEnvironment } from "./environment.ts";
import type { GitCall } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/** Settings that would start a program of the repository's choice, or let a power cut tear what was acknowledged. */
export const GUARDS: readonly string[] = [
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.fsync=committed,reference",
  "-c",
  "log.showSignature=false",
];

/** A call that sees the real repository: its refs, configuration, remotes. */
export function repositoryCall(repo: Repository, args: readonly string[], input?: Uint8Array): GitCall {
  const environment = repositoryEnvironment(process.env, { ...repo.environment, GIT_DIR: repo.gitDir });
  const cwd = repo.workTree ?? repo.gitDir;
  return { args: [...GUARDS, ...args], cwd, environment, ...(input === undefined ? {} : { input }) };
}
