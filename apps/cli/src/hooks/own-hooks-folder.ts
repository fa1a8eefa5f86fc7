// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import {
  addSetting,
  hooksDirectory,
  hooksPathScope,
  isTracked,
  type Repository,
  readHooksPaths,
  readSettings,
  removeSetting,
} from "@countersign/git";

/** Where Git's hooks of a clone are to be written. */
export interface HooksPlace {
  readonly folder: string;
  /** The folder whose hooks run first, as the configuration names it; undefined: they stand in `folder` itself. */
  readonly passesTo: string | undefined;
}

/** Hooks that Git behaves the same without: a file that only passes on is harmless. Others are passed on where they are. */
const HARMLESS = [
  ..."applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg".split(
    " ",
  ),
  ..."post-commit pre-rebase post-checkout post-merge pre-push post-rewrite pre-auto-gc sendemail-validate".split(
    " ",
  ),
];

/**
 * Beside the hooks that are there, unless their folder is not ours to write to: one that serves all repositories of the
 * person or the machine, one with files of the project in it, or one that husky makes anew at every install of packages, whose
 * hooks moreover find their script by their own name. Then a folder inside the Git directory, which passes on to that one.
 */
export async function findHooksPlace(repository: Repository): Promise<HooksPlace> {
  const [current, scope, values] = await Promise.all([
    hooksDirectory(repository),
    hooksPathScope(repository),
    readHooksPaths(repository),
  ]);
  const own = ownFolder(repository);
  const passesTo = values.findLast((value) => value !== own);
  if (current === own) return { folder: own, passesTo: passesTo ?? join(repository.commonDir, "hooks") };
  const isShared = scope === "global" || scope === "system";
  const isProjects =
    !isShared &&
    (isHusky(current) || isOutside(repository, current) || (await isTracked(repository, current)));
  const isElsewhere = passesTo !== undefined && (isShared || isProjects) && repository.workTree !== undefined;
  return isElsewhere ? { folder: own, passesTo } : { folder: current, passesTo: undefined };
}

function isOutside({ workTree, commonDir }: Repository, folder: string): boolean {
  return [workTree ?? commonDir, commonDir].every((top) => !`${folder}${sep}`.startsWith(`${top}${sep}`));
}

/** Names of hooks in our own folder that only pass on. */
export function passingHooks(ours: readonly string[], present: string): readonly string[] {
  const names = new Set([...HARMLESS, ...hooksIn(present)]);
  for (const name of ours) names.delete(name);
  return [...names].sort();
}

function hooksIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^[a-z][a-z0-9-]*$/.test(name) && name !== "h");
  } catch {
    return [];
  }
}

function isHusky(folder: string): boolean {
  return (
    existsSync(join(folder, "husky.sh")) ||
    existsSync(join(folder, "_", "husky.sh")) ||
    existsSync(join(folder, "h"))
  );
}

export function ownFolder({ commonDir }: Repository): string {
  return join(commonDir, "countersign", "hooks");
}

/**
 * Git reads this file only while the repository lies where it lies now: were it moved, a path to nowhere would silence the
 * project's own hooks too. Its section comes last, so whoever sets core.hooksPath again, as husky does, does not undo it.
 */
export async function pointAtOwnFolder(repository: Repository): Promise<boolean> {
  const folder = ownFolder(repository);
  if ((await hooksDirectory(repository)) === folder) return true;
  const file = settingsFile(repository);
  await leaveSettings(repository);
  writeFileSync(file, `[core]\n\thooksPath = ${quoteValue(folder)}\n`, { mode: 0o644 });
  for (const key of settingsKeys(repository))
    await addSetting(repository, key, relative(repository.commonDir, file));
  return (await hooksDirectory(repository)) === folder;
}

/** Undoes `pointAtOwnFolder`; true if there was something to undo. */
export async function leaveOwnFolder(repository: Repository): Promise<boolean> {
  const file = settingsFile(repository);
  await leaveSettings(repository);
  const wasThere = existsSync(file);
  rmSync(file, { force: true });
  try {
    rmdirSync(ownFolder(repository));
  } catch {
    // Never made, or somebody keeps something in it.
  }
  return wasThere;
}

async function leaveSettings(repository: Repository): Promise<void> {
  const value = relative(repository.commonDir, settingsFile(repository));
  for (const key of await includeKeys(repository)) await removeSetting(repository, key, value);
}

/** Also the key of the place where the repository lay before it was moved. */
async function includeKeys(repository: Repository): Promise<readonly string[]> {
  const text = readFileSync(join(repository.commonDir, "config"), "utf8");
  const conditions = [...text.matchAll(/^\s*\[includeIf "((?:[^"\\]|\\.)*)"\]/gim)];
  const keys = conditions.map((match) => `includeIf.${(match[1] ?? "").replaceAll(/\\(.)/g, "$1")}.path`);
  const value = relative(repository.commonDir, settingsFile(repository));
  const ours: string[] = [];
  for (const key of new Set(keys)) if ((await readSettings(repository, key)).includes(value)) ours.push(key);
  return ours;
}

function settingsFile({ commonDir }: Repository): string {
  return join(commonDir, "countersign", "hooks.gitconfig");
}

/** The repository's own Git directory, and those of its linked work trees: git-config(1), conditional includes. */
function settingsKeys({ commonDir }: Repository): readonly string[] {
  const pattern = commonDir.replaceAll(/[*?[\]\\]/g, "\\$&");
  return [`includeIf.gitdir:${pattern}.path`, `includeIf.gitdir:${join(pattern, "worktrees")}/.path`];
}

function quoteValue(path: string): string {
  return `"${path.replaceAll(/["\\]/g, "\\$&")}"`;
}
