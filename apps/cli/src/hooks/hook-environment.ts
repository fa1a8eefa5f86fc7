// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a hook must hand on to see the pushed objects: until the hook agrees they live in a quarantine folder that only
 * these variables name. Git gives absolute paths; relative ones would mean something else once we change folder.
 */
export function toQuarantine(env: Environment, cwd: string): Record<string, string> {
  const kept: Record<string, string> = {};
  const { GIT_DIR, GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES } = env;
  if (GIT_DIR !== undefined) kept.GIT_DIR = resolve(cwd, GIT_DIR);
  if (GIT_OBJECT_DIRECTORY !== undefined) kept.GIT_OBJECT_DIRECTORY = resolve(cwd, GIT_OBJECT_DIRECTORY);
  if (GIT_ALTERNATE_OBJECT_DIRECTORIES !== undefined) {
    kept.GIT_ALTERNATE_OBJECT_DIRECTORIES = resolveList(GIT_ALTERNATE_OBJECT_DIRECTORIES, cwd);
  }
  return kept;
}

/** A list with quoted entries (git(1)) is Git's own and absolute; splitting it here could only break it. */
function resolveList(list: string, cwd: string): string {
  if (list.includes('"')) return list;
  return list
    .split(":")
    .map((path) => (path === "" ? path : resolve(cwd, path)))
    .join(":");
}

/** Who the server says is pushing: web server, gitolite, GitLab, GitHub Enterprise Server. Null where none says. */
export function findPusher(env: Environment): string | null {
  const names = [env.GL_USERNAME, env.GL_USER, env.GITHUB_USER_LOGIN, env.REMOTE_USER];
  return names.find((name) => name !== undefined && name !== "") ?? null;
}

/** GitLab shows people only the lines that begin with this. */
export function linePrefix(env: Environment): string {
  return env.GL_PROTOCOL !== undefined || env.GL_ID !== undefined ? "GL-HOOK-ERR: " : "";
}
