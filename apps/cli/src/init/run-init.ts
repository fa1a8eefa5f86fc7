// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { HookLocation } from "@countersign/agents";
import { POLICY_PATH } from "@countersign/core/policy";
import { openRepository, type Repository } from "@countersign/git";
import {
  beginRecording,
  findWorkTree,
  isRecording,
  recorderFolder,
  type WorkTreePlace,
} from "@countersign/recorder";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { homeFolder } from "../home-folder.ts";
import { findProgram } from "../hooks/find-program.ts";
import { type ClientHooks, installClientHooks, uninstallClientHooks } from "../hooks/install-client-hooks.ts";
import { requireProfile, writeStarterPolicy } from "../policy/run-policy-init.ts";
import { formatStarterPolicy } from "../policy/starter-policy.ts";
import { hooksFilePath, readHooksFile, withHooksFile } from "./agent-hooks-file.ts";
import { chooseAgents } from "./choose-agents.ts";
import { type InitRow, reportInit } from "./init-report.ts";
import { installAgents, planAgents } from "./install-agents.ts";
import { uninstallAgents } from "./uninstall-agents.ts";

export type InitFlags = CommonFlags & {
  readonly uninstall: boolean;
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly noAgents: boolean;
  readonly agents?: string;
  readonly policy?: string;
};

interface InitPlace {
  readonly repository: Repository;
  readonly place: WorkTreePlace;
  readonly location: HookLocation;
  /** Path of the file that says what was done to agents' configurations. */
  readonly state: string;
}

export async function runInit(context: CliContext, flags: InitFlags): Promise<ExitCode> {
  requireSense(flags);
  const repository = await openRepository(repoDirectory(context, flags));
  const place = repository.workTree === undefined ? undefined : findWorkTree(repository.workTree);
  if (place === undefined)
    throw new UsageError(
      "a bare repository records nothing; for a server use: countersign hooks install --server",
    );
  const { env } = context.host;
  const home = homeFolder(env);
  const location = { home, repoRoot: place.workTree, environment: env };
  const here = { repository, place, location, state: hooksFilePath(env, home) };
  const rows = await (flags.uninstall ? uninstall(context, flags, here) : install(context, flags, here));
  await reportInit(context, flags, rows);
  return rows.some(({ outcome }) => outcome === "failed") ? 3 : 0;
}

function requireSense({ uninstall: isUninstall, all, noAgents, agents, policy }: InitFlags): void {
  if (noAgents && agents !== undefined)
    throw new UsageError("--agents names agents and --no-agents wants none; choose one");
  if (agents?.trim() === "")
    throw new UsageError("--agents needs names, for example --agents claude-code,codex");
  if (all && !isUninstall) throw new UsageError("--all belongs to --uninstall");
  if (isUninstall && (agents !== undefined || policy !== undefined))
    throw new UsageError("--uninstall takes everything away again; --agents and --policy do not go with it");
  if (policy !== undefined) requireProfile(policy);
}

async function install(context: CliContext, flags: InitFlags, here: InitPlace): Promise<readonly InitRow[]> {
  const { repository, place, location, state } = here;
  const program = findProgram(context);
  const { requests, leftOut } = flags.noAgents
    ? { requests: [], leftOut: [] }
    : await chooseAgents(location, program, flags.agents);
  const git = toRows(await installClientHooks(repository, program, flags.dryRun));
  if (requests.length === 0 && !flags.noAgents)
    context.warn(
      "no coding agent was found here; run countersign init again once there is one, or name it: --agents codex",
    );
  if (flags.dryRun) {
    const agents = await planAgents(repository, requests);
    const policy = await writePolicy(flags, place);
    return [...git, ...recording(place, "written"), ...agents, ...leftOut, ...policy];
  }
  const recorder = recording(place, "written");
  await beginRecording(place, Math.floor(Date.now() / 1000));
  const agents = await withHooksFile(state, async (file, save, damaged) => {
    if (damaged !== undefined)
      context.warn(`what was known of agents' configurations cannot be read and is set aside as ${damaged}`);
    return await installAgents(repository, requests, file, save);
  });
  return [...git, ...recorder, ...agents, ...leftOut, ...(await writePolicy(flags, place))];
}

function toRows({ rows, settings }: ClientHooks): readonly InitRow[] {
  return [
    ...rows.map(
      ({ hook, path, outcome }): InitRow => ({
        kind: "hook",
        name: hook,
        where: path,
        outcome: outcome as InitRow["outcome"],
        detail: null,
      }),
    ),
    ...settings.map(
      (setting): InitRow => ({
        kind: "setting",
        name: "setting",
        where: setting,
        outcome: "written",
        detail: null,
      }),
    ),
  ];
}

function recording(place: WorkTreePlace, outcome: InitRow["outcome"]): readonly InitRow[] {
  const where = recorderFolder(place.gitDir).active;
  const isThere = isRecording(place);
  return [{ kind: "recorder", name: "recorder", where, outcome: isThere ? "kept" : outcome, detail: null }];
}

async function writePolicy({ policy, dryRun }: InitFlags, place: WorkTreePlace): Promise<readonly InitRow[]> {
  if (policy === undefined) return [];
  const text = formatStarterPolicy(requireProfile(policy));
  const planned = join(place.workTree, POLICY_PATH);
  const { path, isNew } = dryRun
    ? { path: planned, isNew: !existsSync(planned) }
    : await writeStarterPolicy(place.workTree, text);
  const detail = isNew ? "put your people and their keys into it, then: countersign policy check" : null;
  return [{ kind: "policy", name: "policy", where: path, outcome: isNew ? "written" : "kept", detail }];
}

async function uninstall(
  context: CliContext,
  flags: InitFlags,
  here: InitPlace,
): Promise<readonly InitRow[]> {
  const { repository, location, state } = here;
  const request = { repository, location, all: flags.all, isDryRun: flags.dryRun };
  const git = await uninstallGitHooks(repository, flags.dryRun);
  const recorder = endRecording(repository, flags.dryRun);
  if (flags.dryRun) {
    const file = readHooksFile(state) ?? { version: 1, applied: [], repositories: [] };
    return [...git, ...recorder, ...(await uninstallAgents({ ...request, file })).rows];
  }
  return await withHooksFile(state, async (known, save, damaged) => {
    if (damaged !== undefined)
      context.warn(
        `how agents' configurations were before cannot be read (${damaged}); our hooks are taken out of them as they are`,
      );
    const { rows, file } = await uninstallAgents({ ...request, file: known });
    save(file);
    if (rows.some(({ outcome }) => outcome === "stays"))
      context.warn(
        `agents' hooks stay, since other repositories of yours record with them: ${file.repositories.map(({ commonDir }) => commonDir).join(", ")}; with --all they go`,
      );
    return [...git, ...recorder, ...rows];
  });
}

/** A hook that somebody edited is theirs to settle; agents' configurations are put back all the same. */
async function uninstallGitHooks(repository: Repository, isDryRun: boolean): Promise<readonly InitRow[]> {
  try {
    return toRows(await uninstallClientHooks(repository, isDryRun));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [{ kind: "hook", name: "Git hooks", where: null, outcome: "failed", detail: error.message }];
  }
}

/** In every work tree: Git's hooks, which they share, are gone. What was recorded stays. */
function endRecording({ commonDir }: Repository, isDryRun: boolean): readonly InitRow[] {
  const linked = join(commonDir, "worktrees");
  const gitDirs = [commonDir, ...listNames(linked).map((name) => join(linked, name))];
  const files = gitDirs.map((gitDir) => recorderFolder(gitDir).active);
  return files.flatMap((where): InitRow[] => {
    if (!listNames(join(where, "..")).includes("active")) return [];
    if (!isDryRun) rmSync(where, { force: true });
    return [{ kind: "recorder", name: "recorder", where, outcome: "removed", detail: null }];
  });
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
