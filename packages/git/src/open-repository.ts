// SPDX-License-Identifier: Apache-2.0
import { existsSync, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { repositoryEnvironment } from "./environment.ts";
import { GitError } from "./git-error.ts";
import { requireGitVersion } from "./git-version.ts";
import { LIST_SETTINGS, parseAllSettings } from "./settings.ts";
import { type GitCall, runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

const QUESTIONS = [
  "rev-parse",
  "--absolute-git-dir",
  "--git-common-dir",
  "--show-object-format",
  "--is-shallow-repository",
  "--is-inside-work-tree",
  "--show-cdup",
];

/**
 * Opens the repository that `dir` is or lies in. `environment` is passed to every later git process; a pre-receive hook
 * passes its quarantine variables here, everything else that the caller's environment says about Git is ignored.
 */
export async function openRepository(
  dir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Repository> {
  const cwd = resolve(dir);
  requireDirectory(cwd);
  const call = { cwd, environment: repositoryEnvironment(process.env, environment) };
  const [answer, listed] = await Promise.all([
    runGit({ ...call, args: QUESTIONS }, [0, 128, 129]),
    runGit({ ...call, args: LIST_SETTINGS }, [0, 128]),
    requireGitVersion(),
  ]);
  if (answer.exitCode !== 0) throw await explainFailure({ ...call, args: QUESTIONS }, answer.complaint);
  const settings = listed.exitCode === 0 ? parseAllSettings(listed.stdout) : undefined;
  return {
    ...parseAnswers(cwd, answer.stdout),
    isPartial: [...(settings?.keys() ?? [])].some((key) => PROMISOR.test(key)),
    environment,
    configuration: { settings },
  };
}

const PROMISOR = /^(?:extensions\.partialclone|remote\..*\.promisor)$/s;

function requireDirectory(dir: string): void {
  if (existsSync(dir) && statSync(dir).isDirectory()) return;
  throw new GitError(
    "NOT_A_REPOSITORY",
    `${dir} is not a directory; pass --repo with the folder of a Git repository`,
  );
}

function parseAnswers(
  cwd: string,
  stdout: Buffer,
): Omit<Repository, "isPartial" | "environment" | "configuration"> {
  const lines = stdout.toString("utf8").split("\n");
  const [gitDir, commonDir, format, shallow, inside, up] = lines;
  const isOdd = (format !== "sha1" && format !== "sha256") || (shallow !== "true" && shallow !== "false");
  if (isOdd || gitDir === undefined || commonDir === undefined) {
    throw new GitError(
      "OUTPUT_MALFORMED",
      `cannot work in ${cwd}: the path of its Git directory holds a line break`,
    );
  }
  return {
    gitDir,
    commonDir: isAbsolute(commonDir) ? commonDir : resolve(cwd, commonDir),
    workTree: inside === "true" ? resolve(cwd, up ?? "") : undefined,
    objectFormat: format,
    isShallow: shallow === "true",
  };
}

/** Asks the same with ownership checks off, only to say why it failed; nothing is read that way. */
async function explainFailure(call: GitCall, complaint: string): Promise<GitError> {
  const unsafe = await runGit({ ...call, args: ["-c", "safe.directory=*", ...call.args] }, [0, 128, 129]);
  if (unsafe.exitCode === 0) {
    return new GitError(
      "UNSAFE_DIRECTORY",
      `the repository at ${call.cwd} belongs to another user, so Git refuses it; if you trust it, run: git config --global --add safe.directory ${call.cwd}`,
    );
  }
  const advice = "pass --repo with the folder of a repository, or run git init";
  return new GitError(
    "NOT_A_REPOSITORY",
    `${call.cwd} is not in a usable Git repository (${complaint}); ${advice}`,
  );
}
