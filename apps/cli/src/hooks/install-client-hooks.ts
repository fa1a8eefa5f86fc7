// SPDX-License-Identifier: Apache-2.0
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  addSetting,
  EVIDENCE_REF,
  GIT_AI_NOTES_REF,
  hooksDirectory,
  hooksPathScope,
  LEDGER_REF,
  listRemotes,
  RECORDS_REF,
  type Repository,
  readSettings,
  removeSetting,
  trackingRef,
} from "@countersign/git";
import { UsageError } from "../exit-code.ts";
import { keepEnding, restoreEnding } from "./config-ending.ts";
import { installHook } from "./hook-file.ts";
import { CLIENT_HOOKS, formatPassingHook, type HookProgram } from "./hook-script.ts";
import { type HookRow, installHooks, uninstallHooks } from "./install-hooks.ts";
import {
  findHooksPlace,
  type HooksPlace,
  leaveOwnFolder,
  ownFolder,
  passingHooks,
  pointAtOwnFolder,
} from "./own-hooks-folder.ts";

export interface ClientHooks {
  readonly rows: readonly HookRow[];
  /** Settings that were added, or taken away. */
  readonly settings: readonly string[];
}

/**
 * Git's hooks of a person's clone, and the refspecs that bring evidence and records along. With `isDryRun` nothing is written.
 * @throws UsageError where hooks of others and ours cannot be told apart
 */
export async function installClientHooks(
  repository: Repository,
  program: HookProgram,
  isDryRun = false,
): Promise<ClientHooks> {
  const place = await findHooksPlace(repository);
  if (place.passesTo !== undefined) await requireLasting(repository);
  const rows = await installHooks(place, CLIENT_HOOKS, program, isDryRun);
  if (!isDryRun) keepEnding(repository);
  // Crash argument: until Git is pointed at our folder the project's hooks run as before.
  const pointed = place.passesTo === undefined || isDryRun ? [] : await switchTo(repository, place);
  return { rows, settings: [...pointed, ...(await followEvidence(repository, isDryRun))] };
}

/** What one command was given counts before every file: nothing that is written would make Git look into our folder. */
async function requireLasting(repository: Repository): Promise<void> {
  if ((await hooksPathScope(repository)) !== "command") return;
  throw new UsageError(
    "core.hooksPath is set for this command alone (git -c, or GIT_CONFIG_COUNT in the environment), so Git's hooks cannot be installed for others; call it again without that",
  );
}

async function switchTo(
  repository: Repository,
  { folder, passesTo = "" }: HooksPlace,
): Promise<readonly string[]> {
  const present = resolve(repository.workTree ?? repository.commonDir, passesTo);
  for (const name of passingHooks(CLIENT_HOOKS, present))
    await installHook(join(folder, name), formatPassingHook(name, passesTo));
  if ((await hooksDirectory(repository)) === folder) return [];
  if (await pointAtOwnFolder(repository))
    return [`core.hooksPath ${folder}, whose hooks run those of ${passesTo} first`];
  await uninstallClientHooks(repository);
  throw new UsageError(
    `core.hooksPath (${passesTo}) cannot be overruled in this repository's own configuration; set it further up in .git/config (not in config.worktree), or unset it`,
  );
}

export async function uninstallClientHooks(repository: Repository, isDryRun = false): Promise<ClientHooks> {
  const refspecs = await evidenceRefspecs(repository);
  const own = ownFolder(repository);
  const current = await hooksDirectory(repository);
  if (isDryRun) return { rows: await uninstallHooks(current, CLIENT_HOOKS, true), settings: [] };
  // First the switch: from then on the project's own hooks run by themselves, whatever happens.
  const rows = await uninstallOwnFolder(repository, own);
  if (current !== own || rows.length === 0)
    rows.push(...(await uninstallHooks(await hooksDirectory(repository), CLIENT_HOOKS)));
  for (const [key, value] of refspecs) await removeSetting(repository, key, value);
  restoreEnding(repository);
  return { rows, settings: [] };
}

async function uninstallOwnFolder(repository: Repository, own: string): Promise<HookRow[]> {
  const names = await readdir(own).catch(() => []);
  await leaveOwnFolder(repository);
  const rows = await uninstallHooks(own, names);
  await leaveOwnFolder(repository);
  return rows.filter(({ hook }) => CLIENT_HOOKS.some((name) => name === hook));
}

/** With these, `git fetch` brings the evidence along; a pattern, because a plain name that the remote lacks is an error. */
export async function evidenceRefspecs(
  repository: Repository,
): Promise<readonly (readonly [string, string])[]> {
  const remotes = await listRemotes(repository);
  return remotes.flatMap((remote) =>
    [EVIDENCE_REF, RECORDS_REF, GIT_AI_NOTES_REF, LEDGER_REF].map(
      (ref) => [`remote.${remote}.fetch`, `+${ref}*:${trackingRef(remote, ref)}*`] as const,
    ),
  );
}

async function followEvidence(repository: Repository, isDryRun: boolean): Promise<readonly string[]> {
  const added: string[] = [];
  for (const [key, value] of await evidenceRefspecs(repository)) {
    const present = await readSettings(repository, key);
    // A remote that fetches nothing by itself would from now on fetch evidence instead of branches.
    if (present.length === 0 || present.includes(value)) continue;
    if (isDryRun || (await addSetting(repository, key, value))) added.push(`${key} ${value}`);
  }
  return added;
}
