// SPDX-License-Identifier: Apache-2.0
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { displayText, formatSafeJson } from "@countersign/core/render";
import { readPolicy } from "@countersign/gate";
import {
  addSetting,
  defaultBranch,
  EVIDENCE_REF,
  GIT_AI_NOTES_REF,
  hooksDirectory,
  hooksPathScope,
  listRemotes,
  openRepository,
  RECORDS_REF,
  type Repository,
  readRef,
  readSettings,
  removeSetting,
  trackingRef,
} from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { installHook, uninstallHook } from "./hook-file.ts";
import {
  CLIENT_HOOKS,
  formatHookScript,
  type HookName,
  type HookProgram,
  SERVER_HOOKS,
} from "./hook-script.ts";

export type HooksFlags = CommonFlags & { readonly client: boolean; readonly server: boolean };

/** `receive.hideRefs`: nobody is offered these refs to push to, and Git itself refuses a push to them. */
const HIDDEN = ["refs/countersign/pushes", "refs/countersign/versions"];

export async function runHooksInstall(context: CliContext, flags: HooksFlags): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  const names = chooseHooks(repository, flags);
  const folder = await hooksDirectory(repository);
  const rows = await installAll(folder, names, findProgram(context));
  const settings = isServerSide(names) ? await hideOwnRefs(repository) : await followEvidence(repository);
  await report(context, flags, rows, settings);
  await warnAboutFolder(context, repository, folder);
  if (isServerSide(names)) await warnAboutPolicy(context, repository);
  return 0;
}

export async function runHooksUninstall(context: CliContext, flags: HooksFlags): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  const both = !flags.client && !flags.server;
  const names: HookName[] = [
    ...(flags.client || both ? CLIENT_HOOKS : []),
    ...(flags.server || both ? SERVER_HOOKS : []),
  ];
  const folder = await hooksDirectory(repository);
  const rows: HookRow[] = [];
  for (const name of names) {
    const path = join(folder, name);
    rows.push({ hook: name, path, outcome: await uninstallHook(path) });
  }
  if (names.includes("pre-push")) {
    for (const [key, value] of await evidenceRefspecs(repository))
      await removeSetting(repository, key, value);
  }
  if (names.includes("pre-receive")) {
    for (const ref of HIDDEN) await removeSetting(repository, "receive.hideRefs", ref);
  }
  await report(context, flags, rows, []);
  return 0;
}

/** Git's hooks of a person's clone, and the refspecs that bring evidence and records along. */
export async function installClientHooks(context: CliContext, repository: Repository): Promise<ClientHooks> {
  const folder = await hooksDirectory(repository);
  const rows = await installAll(folder, CLIENT_HOOKS, findProgram(context));
  const settings = await followEvidence(repository);
  await warnAboutFolder(context, repository, folder);
  return { rows, settings };
}

export async function uninstallClientHooks(repository: Repository): Promise<ClientHooks> {
  const folder = await hooksDirectory(repository);
  const rows: HookRow[] = [];
  for (const name of CLIENT_HOOKS) {
    const path = join(folder, name);
    rows.push({ hook: name, path, outcome: await uninstallHook(path) });
  }
  for (const [key, value] of await evidenceRefspecs(repository)) await removeSetting(repository, key, value);
  return { rows, settings: [] };
}

export interface ClientHooks {
  readonly rows: readonly HookRow[];
  readonly settings: readonly string[];
}

async function installAll(
  folder: string,
  names: readonly HookName[],
  program: HookProgram,
): Promise<readonly HookRow[]> {
  const rows: HookRow[] = [];
  for (const name of names) {
    const path = join(folder, name);
    rows.push({ hook: name, path, outcome: await installHook(path, formatHookScript(name, program)) });
  }
  return rows;
}

export interface HookRow {
  readonly hook: HookName;
  readonly path: string;
  readonly outcome: string;
}

function isServerSide(names: readonly HookName[]): boolean {
  return names.includes("pre-receive");
}

/** A bare repository is a server's unless somebody says otherwise. */
function chooseHooks(repository: Repository, { client, server }: HooksFlags): readonly HookName[] {
  if (client && server) {
    throw new UsageError("--client and --server are for two kinds of repository; choose one");
  }
  const isServer = server || (!client && repository.workTree === undefined);
  return isServer ? SERVER_HOOKS : CLIENT_HOOKS;
}

export function findProgram({ host }: CliContext): HookProgram {
  const script = host.argv[1];
  if (script === undefined)
    throw new UsageError("cannot tell where this program lies; run its file with node");
  return { node: host.execPath, command: realpathSync(script) };
}

async function hideOwnRefs(repository: Repository): Promise<readonly string[]> {
  const added: string[] = [];
  for (const ref of HIDDEN)
    if (await addSetting(repository, "receive.hideRefs", ref)) added.push(`receive.hideRefs ${ref}`);
  return added;
}

/** With these, `git fetch` brings the evidence along; a pattern, because a plain name that the remote lacks is an error. */
async function evidenceRefspecs(repository: Repository): Promise<readonly (readonly [string, string])[]> {
  const remotes = await listRemotes(repository);
  return remotes.flatMap((remote) =>
    [EVIDENCE_REF, RECORDS_REF, GIT_AI_NOTES_REF].map(
      (ref) => [`remote.${remote}.fetch`, `+${ref}*:${trackingRef(remote, ref)}*`] as const,
    ),
  );
}

async function followEvidence(repository: Repository): Promise<readonly string[]> {
  const added: string[] = [];
  for (const [key, value] of await evidenceRefspecs(repository)) {
    // A remote that fetches nothing by itself would from now on fetch evidence instead of branches.
    if ((await readSettings(repository, key)).length === 0) continue;
    if (await addSetting(repository, key, value)) added.push(`${key} ${value}`);
  }
  return added;
}

async function report(
  context: CliContext,
  flags: HooksFlags,
  rows: readonly HookRow[],
  settings: readonly string[],
): Promise<void> {
  if (flags.json) {
    await context.output.write(`${formatSafeJson({ hooks: rows, settings })}\n`);
    return;
  }
  const lines = [
    ...rows.map(
      ({ hook, path, outcome }) => `${hook.padEnd(13)}${outcome.padEnd(10)}${displayText(path, 2000)}`,
    ),
    ...settings.map((setting) => `set          ${displayText(setting, 2000)}`),
  ];
  await context.output.write(`${lines.join("\n")}\n`);
}

async function warnAboutFolder(context: CliContext, repository: Repository, folder: string): Promise<void> {
  const scope = await hooksPathScope(repository);
  if (scope === "global" || scope === "system") {
    context.warn(
      `core.hooksPath is set ${scope === "global" ? "for all your repositories" : "for this machine"}, so the hooks in ${folder} now run in each of them`,
    );
  }
}

/** A gate without a policy refuses everything: better heard now than at the first push. */
async function warnAboutPolicy(context: CliContext, repository: Repository): Promise<void> {
  const branch = await defaultBranch(repository);
  const tip = branch === undefined ? undefined : await readRef(repository, branch);
  if (branch === undefined || tip === undefined) {
    context.warn(
      `HEAD names ${branch ?? "no branch"}, which does not exist yet; the first push must bring it, with a policy in .countersign/policy.yml. Another name: git symbolic-ref HEAD refs/heads/main`,
    );
    return;
  }
  const reading = await readPolicy(repository, { base: tip, head: tip, target: branch });
  if (reading.policy === null)
    context.warn(
      `every push to a branch is refused until this is mended, and a push cannot mend it: ${reading.reason}`,
    );
}
