// SPDX-License-Identifier: Apache-2.0
import { displayText, formatSafeJson } from "@countersign/core/render";
import { readPolicy } from "@countersign/gate";
import {
  addSetting,
  defaultBranch,
  hooksDirectory,
  hooksPathScope,
  openRepository,
  type Repository,
  readRef,
  removeSetting,
} from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { keepEnding, restoreEnding } from "./config-ending.ts";
import { findProgram } from "./find-program.ts";
import { SERVER_HOOKS } from "./hook-script.ts";
import { installClientHooks, uninstallClientHooks } from "./install-client-hooks.ts";
import { type HookRow, installHooks, uninstallHooks } from "./install-hooks.ts";

export type HooksFlags = CommonFlags & { readonly client: boolean; readonly server: boolean };

/** `receive.hideRefs`: nobody is offered these refs to push to, and Git itself refuses a push to them. */
const HIDDEN = ["refs/countersign/pushes", "refs/countersign/versions"];

export async function runHooksInstall(context: CliContext, flags: HooksFlags): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  if (!isServer(repository, flags)) {
    const { rows, settings } = await installClientHooks(repository, findProgram(context));
    await report(context, flags, rows, settings);
    return 0;
  }
  const folder = await hooksDirectory(repository);
  const place = { folder, passesTo: undefined };
  const rows = await installHooks(place, SERVER_HOOKS, findProgram(context));
  await report(context, flags, rows, await hideOwnRefs(repository));
  await warnAboutFolder(context, repository, folder);
  await warnAboutPolicy(context, repository);
  return 0;
}

export async function runHooksUninstall(context: CliContext, flags: HooksFlags): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  const both = !flags.client && !flags.server;
  const rows: HookRow[] = [];
  if (flags.client || both) rows.push(...(await uninstallClientHooks(repository)).rows);
  if (flags.server || both) {
    rows.push(...(await uninstallHooks(await hooksDirectory(repository), SERVER_HOOKS)));
    for (const ref of HIDDEN) await removeSetting(repository, "receive.hideRefs", ref);
  }
  restoreEnding(repository);
  await report(context, flags, rows, []);
  return 0;
}

/** A bare repository is a server's unless somebody says otherwise. */
function isServer(repository: Repository, { client, server }: HooksFlags): boolean {
  if (client && server) {
    throw new UsageError("--client and --server are for two kinds of repository; choose one");
  }
  return server || (!client && repository.workTree === undefined);
}

async function hideOwnRefs(repository: Repository): Promise<readonly string[]> {
  const added: string[] = [];
  keepEnding(repository);
  for (const ref of HIDDEN)
    if (await addSetting(repository, "receive.hideRefs", ref)) added.push(`receive.hideRefs ${ref}`);
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
