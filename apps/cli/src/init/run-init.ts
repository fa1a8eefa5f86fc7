// SPDX-License-Identifier: Apache-2.0
import { rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import {
  AGENTS,
  applyConfigEdits,
  diskReader,
  findAgent,
  findAgents,
  type HookRequest,
  planHooks,
  planRestore,
  restoreConfigEdits,
} from "@countersign/agents";
import { displayText, formatSafeJson } from "@countersign/core/render";
import { openRepository, type Repository, readStatus, resolveCommit } from "@countersign/git";
import { findWorkTree, recorderFolder, startActivity, type WorkTreePlace } from "@countersign/recorder";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { findProgram, installClientHooks, uninstallClientHooks } from "../hooks/run-hooks-install.ts";
import { hooksFilePath, readHooksFile, writeHooksFile } from "./agent-hooks-file.ts";

export type InitFlags = CommonFlags & {
  readonly uninstall: boolean;
  readonly dryRun: boolean;
  readonly noAgents: boolean;
  readonly agents?: string;
};

/** One thing that was done or found. */
interface Row {
  readonly what: string;
  readonly outcome: string;
  readonly where: string;
}

export async function runInit(context: CliContext, flags: InitFlags): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  const place = findWorkTree(repository.workTree ?? "");
  if (place === undefined)
    throw new UsageError(
      "a bare repository records nothing; for a server use: countersign hooks install --server",
    );
  return flags.uninstall
    ? uninstall(context, flags, repository, place)
    : install(context, flags, repository, place);
}

async function install(
  context: CliContext,
  flags: InitFlags,
  repository: Repository,
  place: WorkTreePlace,
): Promise<ExitCode> {
  const agents = flags.noAgents ? [] : await chooseAgents(context, flags, place);
  if (flags.dryRun) {
    const plans = await Promise.all(agents.map(async (request) => toPlanRows(request)));
    await report(context, flags, [
      { what: "Git hooks", outcome: "would install", where: place.gitDir },
      ...plans.flat(),
    ]);
    return 0;
  }
  const git = await installClientHooks(context, repository);
  await beginRecording(repository, place);
  const found: Row[] = [];
  for (const request of agents) found.push(await installAgent(context, request, place));
  await report(context, flags, [
    ...git.rows.map(({ hook, outcome, path }) => ({ what: hook, outcome, where: path })),
    ...git.settings.map((setting) => ({ what: "fetch", outcome: "set", where: setting })),
    ...found,
  ]);
  if (agents.length === 0 && !flags.noAgents)
    context.warn(
      "no coding agent was found here; run countersign init again once there is one, or name it: --agents codex",
    );
  return found.some(({ outcome }) => outcome === "failed") ? 3 : 0;
}

/** Before anything else can be written: what differs from HEAD now, nobody saw being written. */
async function beginRecording(repository: Repository, place: WorkTreePlace): Promise<void> {
  const [head, status] = await Promise.all([resolveCommit(repository, "HEAD"), readStatus(place)]);
  startActivity(place, {
    from: Math.floor(Date.now() / 1000),
    head: head ?? null,
    isClean: status.length === 0,
  });
}

async function chooseAgents(
  context: CliContext,
  flags: InitFlags,
  place: WorkTreePlace,
): Promise<readonly HookRequest[]> {
  const { env } = context.host;
  const program = findProgram(context);
  const command = [program.node, join(dirname(program.command), "countersign-record.mjs")];
  const location = { home: env.HOME ?? homedir(), repoRoot: place.workTree, environment: env };
  if (flags.agents !== undefined) {
    return flags.agents.split(",").map((name) => {
      const agent = findAgent(name.trim());
      if (agent === undefined)
        throw new UsageError(
          `no agent is called ${displayText(name, 60)}; there are: ${AGENTS.map((one) => one.name).join(", ")}`,
        );
      return { ...location, agent, command };
    });
  }
  const found = await findAgents(location, diskReader);
  return found
    .filter(({ hooks }) => hooks.optIn === undefined)
    .map(({ agent }) => ({ ...location, agent, command }));
}

async function toPlanRows(request: HookRequest): Promise<readonly Row[]> {
  const { title } = request.agent;
  try {
    const edits = await planHooks(request, diskReader);
    if (edits.length === 0) return [{ what: title, outcome: "is there", where: "" }];
    return edits.map(({ path }) => ({ what: title, outcome: "would write", where: path }));
  } catch (error) {
    return [
      { what: title, outcome: "cannot", where: error instanceof Error ? error.message : String(error) },
    ];
  }
}

async function installAgent(context: CliContext, request: HookRequest, place: WorkTreePlace): Promise<Row> {
  const { title } = request.agent;
  const path = hooksFilePath(context.host.env, request.home);
  try {
    const edits = await planHooks(request, diskReader);
    const known = readHooksFile(path);
    const applied = applyConfigEdits(edits, known.applied);
    const repositories = [...new Set([...known.repositories, place.gitDir])];
    writeHooksFile(path, { version: 1, applied, repositories });
    const { hooks } = await request.agent.load();
    if (hooks?.note !== undefined) context.warn(`${title}: ${hooks.note}`);
    return {
      what: title,
      outcome: edits.length === 0 ? "kept" : "installed",
      where: edits.map((edit) => edit.path).join(", "),
    };
  } catch (error) {
    return { what: title, outcome: "failed", where: error instanceof Error ? error.message : String(error) };
  }
}

async function uninstall(
  context: CliContext,
  flags: InitFlags,
  repository: Repository,
  place: WorkTreePlace,
): Promise<ExitCode> {
  const home = context.host.env.HOME ?? homedir();
  const path = hooksFilePath(context.host.env, home);
  const known = readHooksFile(path);
  const others = known.repositories.filter(
    (one) => one !== place.gitDir && findWorkTree(dirname(one)) !== undefined,
  );
  if (flags.dryRun) {
    await report(context, flags, [
      { what: "Git hooks", outcome: "would restore", where: place.gitDir },
      ...known.applied.map((edit) => ({
        what: edit.agent,
        outcome: others.length > 0 ? "would stay" : "would restore",
        where: edit.path,
      })),
    ]);
    return 0;
  }
  const git = await uninstallClientHooks(repository);
  rmSync(recorderFolder(place.gitDir).active, { force: true });
  if (others.length === 0) restoreConfigEdits(planRestore(known.applied, diskReader), known.applied);
  writeHooksFile(path, {
    version: 1,
    applied: others.length === 0 ? [] : known.applied,
    repositories: others,
  });
  await report(context, flags, [
    ...git.rows.map(({ hook, outcome, path: where }) => ({ what: hook, outcome, where })),
    ...known.applied.map((edit) => ({
      what: edit.agent,
      outcome: others.length === 0 ? "restored" : "stays",
      where: edit.path,
    })),
  ]);
  if (others.length > 0)
    context.warn(`agents' hooks stay, since ${others.length} other repositories of yours record with them`);
  return 0;
}

async function report(context: CliContext, flags: InitFlags, rows: readonly Row[]): Promise<void> {
  if (flags.json) {
    await context.output.write(`${formatSafeJson({ rows })}\n`);
    return;
  }
  const width = Math.max(...rows.map(({ what }) => what.length)) + 2;
  const lines = rows.map(
    ({ what, outcome, where }) =>
      `${displayText(what, 80).padEnd(width)}${outcome.padEnd(15)}${displayText(where, 2000)}`,
  );
  await context.output.write(`${lines.map((line) => line.trimEnd()).join("\n")}\n`);
}
