// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, join, relative, resolve } from "node:path";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository, Settings } from "./types.ts";

const NOT_SET = 1;
/** `git config --unset` of a value that is not there. */
const NOTHING_TO_UNSET = 5;

/** Every value of a key in the configuration that Git itself would use here, in its order: the last one wins. */
export async function readSettings(repo: Repository, key: string): Promise<readonly string[]> {
  return (await readAll(repo)).get(toCanonical(key)) ?? [];
}

/** The value that counts; undefined where the key is not set. */
export async function readSetting(repo: Repository, key: string): Promise<string | undefined> {
  return (await readSettings(repo, key)).at(-1);
}

/** The value that counts of each key that the pattern names; keys as Git writes them, section and name in lower case. */
export async function readSettingsMatching(
  repo: Repository,
  pattern: RegExp,
): Promise<ReadonlyMap<string, string>> {
  const found = [...(await readAll(repo))].filter(([key]) => pattern.test(key));
  return new Map(found.map(([key, values]) => [key, values.at(-1) ?? ""]));
}

/** Read anew where nobody read them before, or where they were changed since. */
async function readAll(repo: Repository): Promise<Settings> {
  const known = repo.configuration?.settings;
  if (known !== undefined) return known;
  const read = await runGit(repositoryCall(repo, LIST_SETTINGS));
  const settings = parseAllSettings(read.stdout);
  if (repo.configuration !== undefined) repo.configuration.settings = settings;
  return settings;
}

/** What lists all of them, for parseAllSettings. */
export const LIST_SETTINGS: readonly string[] = ["config", "-z", "--list"];

export function parseAllSettings(stdout: Buffer): Settings {
  const settings = new Map<string, string[]>();
  for (const row of toRows(stdout)) {
    const [key, value] = toPair(row);
    const values = settings.get(key) ?? [];
    if (values.length === 0) settings.set(key, values);
    values.push(value);
  }
  return settings;
}

/** Sections and names have no case; what stands between them has. */
function toCanonical(key: string): string {
  const [first, last] = [key.indexOf("."), key.lastIndexOf(".")];
  return `${key.slice(0, first).toLowerCase()}${key.slice(first, last)}${key.slice(last).toLowerCase()}`;
}

/** Output of `git config -z --get-regexp`; the last value of a key counts. */
export function parseSettings(stdout: Buffer): ReadonlyMap<string, string> {
  return new Map(toRows(stdout).map(toPair));
}

const toRows = (stdout: Buffer) => stdout.toString("utf8").split("\0").slice(0, -1);

/** A key without any value means true. */
function toPair(row: string): readonly [string, string] {
  const end = row.indexOf("\n");
  return end < 0 ? [row, "true"] : [row.slice(0, end), row.slice(end + 1)];
}

/** What was read is not so any more. */
function forget({ configuration }: Repository): void {
  if (configuration !== undefined) configuration.settings = undefined;
}

/** Adds a value to the repository's own configuration, unless it is there. True where it was added. */
export async function addSetting(repo: Repository, key: string, value: string): Promise<boolean> {
  if ((await readSettings(repo, key)).includes(value)) return false;
  await runGit(repositoryCall(repo, ["config", "--local", "--add", key, value]));
  forget(repo);
  return true;
}

/** Takes exactly this value out of the repository's own configuration. */
export async function removeSetting(repo: Repository, key: string, value: string): Promise<void> {
  const args = ["config", "--local", "--fixed-value", "--unset-all", key, value];
  await runGit(repositoryCall(repo, args), [0, NOT_SET, NOTHING_TO_UNSET]);
  forget(repo);
}

/** Names of the remotes that have a URL, sorted. */
export async function listRemotes(repo: Repository): Promise<readonly string[]> {
  const keys = [...(await readSettingsMatching(repo, /^remote\..*\.url$/s)).keys()];
  return [...new Set(keys.map((key) => key.slice("remote.".length, -".url".length)))].sort();
}

/**
 * What an empty core.hooksPath means: no hooks. Git puts it before a hook's name with a slash and so looks in the system's root, while
 * rev-parse names the folder where it stands.
 */
const NO_HOOKS = "/dev/null";

/** Absolute path of the folder in which Git looks for hooks: core.hooksPath is honoured, wherever it is set. */
export async function hooksDirectory(repo: Repository): Promise<string> {
  const values = await readSettings(repo, "core.hooksPath");
  if (values.length === 0) return join(repo.commonDir, "hooks");
  if (values.at(-1) === "") return NO_HOOKS;
  const call = repositoryCall(repo, ["rev-parse", "--git-path", "hooks"]);
  const path = (await runGit(call)).stdout.toString("utf8").replace(/\n$/, "");
  return resolve(call.cwd, path);
}

/** Where core.hooksPath comes from: `local`, `global`, `system`, `worktree`, `command`; undefined where it is not set. */
export async function hooksPathScope(repo: Repository): Promise<string | undefined> {
  if (!(await isHooksPathSet(repo))) return undefined;
  const args = ["config", "-z", "--show-scope", "--get", "core.hooksPath"];
  const read = await runGit(repositoryCall(repo, args), [0, NOT_SET]);
  return read.exitCode === 0 ? read.stdout.toString("utf8").split("\0")[0] : undefined;
}

/** Values of core.hooksPath, `~` expanded, in Git's order: the last one counts. */
export async function readHooksPaths(repo: Repository): Promise<readonly string[]> {
  if (!(await isHooksPathSet(repo))) return [];
  const args = ["config", "-z", "--type=path", "--get-all", "core.hooksPath"];
  const read = await runGit(repositoryCall(repo, args), [0, NOT_SET]);
  const values = read.stdout.toString("utf8").split("\0").slice(0, -1);
  return values.map((value) => (value === "" ? NO_HOOKS : value));
}

/** Nearly nobody sets it; where somebody does, Git says what it means. */
async function isHooksPathSet(repo: Repository): Promise<boolean> {
  return (await readSettings(repo, "core.hooksPath")).length > 0;
}

/** Whether the index knows this file, or anything below this folder; never for what lies outside the work tree. */
export async function isTracked(repo: Repository, path: string): Promise<boolean> {
  if (repo.workTree === undefined) return false;
  const inside = relative(repo.workTree, path);
  if (inside === "" || inside.startsWith("..") || isAbsolute(inside)) return false;
  const call = repositoryCall(repo, ["ls-files", "-z", "--", `:(top,literal)${inside}`]);
  return (await runGit(call)).stdout.length > 0;
}
