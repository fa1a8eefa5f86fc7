// SPDX-License-Identifier: Apache-2.0
import { relative } from "node:path";
import {
  type AppliedEdit,
  applyConfigEdits,
  type ConfigEdit,
  ConfigWriteError,
  diskReader,
  foreseeConfigEdits,
  type HookRequest,
  planHooks,
} from "@countersign/agents";
import { isTracked, type Repository } from "@countersign/git";
import type { AgentHooksFile, HookedRepository } from "./agent-hooks-file.ts";
import { addExcludes, planExcludes } from "./exclude-file.ts";
import type { InitRow } from "./init-report.ts";

export type SaveHooksFile = (file: AgentHooksFile) => void;

/** Installs each agent's hooks; one that fails does not stop the others. What was done is saved after every agent. */
export async function installAgents(
  repository: Repository,
  requests: readonly HookRequest[],
  file: AgentHooksFile,
  save: SaveHooksFile,
): Promise<readonly InitRow[]> {
  let known = withRepository(file, repository);
  // Before any edit: another repository's uninstall must know from now on that its user's hooks serve this one too.
  save(known);
  const rows: InitRow[] = [];
  for (const request of requests) {
    const { row, file: next } = await installAgent(repository, request, { file: known, save });
    known = next;
    save(known);
    rows.push(...row);
  }
  return rows;
}

/** What `installAgents` would do. */
export async function planAgents(
  repository: Repository,
  requests: readonly HookRequest[],
): Promise<readonly InitRow[]> {
  const rows: InitRow[] = [];
  for (const request of requests)
    try {
      rows.push(...(await toRows(request, (await planAgent(repository, request)).edits)));
    } catch (error) {
      rows.push(toFailure(request, error));
    }
  return rows;
}

interface Installed {
  readonly row: readonly InitRow[];
  readonly file: AgentHooksFile;
}

async function installAgent(
  repository: Repository,
  request: HookRequest,
  { file, save }: { readonly file: AgentHooksFile; readonly save: SaveHooksFile },
): Promise<Installed> {
  let next = file;
  try {
    const { edits, isLocal } = await planAgent(repository, request);
    const added = isLocal ? planExcluded(repository, edits) : "";
    const known = findRepository(file, repository);
    const own = known.excluded.endsWith(added) ? known : { ...known, excluded: known.excluded + added };
    const earlier = isLocal ? own.applied : file.applied;
    const keep = (applied: readonly AppliedEdit[]) => {
      next = isLocal ? withRepository(file, repository, { ...own, applied }) : { ...file, applied };
    };
    if (edits.length === 0) return { row: await toRows(request, edits), file };
    // Crash argument: what is about to be written is known before it is, and of what was not written nothing has to be undone.
    keep(foreseeConfigEdits(edits, earlier));
    save(next);
    addExcludes(repository.commonDir, added);
    keep(applyEdits(edits, earlier, keep));
    return { row: await toRows(request, edits), file: next };
  } catch (error) {
    return { row: [toFailure(request, error)], file: next };
  }
}

function applyEdits(
  edits: readonly ConfigEdit[],
  earlier: readonly AppliedEdit[],
  keep: (applied: readonly AppliedEdit[]) => void,
): readonly AppliedEdit[] {
  try {
    return applyConfigEdits(edits, earlier);
  } catch (error) {
    if (error instanceof ConfigWriteError) keep(error.applied);
    throw error;
  }
}

/** A file that the project has committed is the team's: it would run this machine's paths everywhere. */
async function planAgent(
  repository: Repository,
  request: HookRequest,
): Promise<{ readonly edits: readonly ConfigEdit[]; readonly isLocal: boolean }> {
  const edits = await planHooks(request, diskReader);
  const isLocal = edits.some(({ scope }) => scope !== "user");
  for (const { path } of isLocal ? edits : [])
    if (await isTracked(repository, path))
      throw new Error(`${path} is committed, and everybody's; it would name programs of this machine`);
  return { edits, isLocal };
}

function planExcluded(repository: Repository, edits: readonly ConfigEdit[]): string {
  const made = edits.filter(({ before }) => before === null).map(({ path }) => path);
  const paths = made.map((path) => relative(repository.workTree ?? "", path));
  return planExcludes(repository.commonDir, paths);
}

async function toRows(request: HookRequest, edits: readonly ConfigEdit[]): Promise<readonly InitRow[]> {
  const { agent } = request;
  const { hooks } = await agent.load();
  const note = hooks?.note ?? null;
  if (edits.length === 0)
    return [{ kind: "agent", name: agent.title, where: null, outcome: "kept", detail: null }];
  return edits.map(({ path }, index) => ({
    kind: "agent",
    name: agent.title,
    where: path,
    outcome: "installed",
    detail: index === edits.length - 1 ? note : null,
  }));
}

function toFailure({ agent }: HookRequest, error: unknown): InitRow {
  const detail = error instanceof Error ? error.message : String(error);
  return { kind: "agent", name: agent.title, where: null, outcome: "failed", detail };
}

export function findRepository(file: AgentHooksFile, { commonDir }: Repository): HookedRepository {
  return (
    file.repositories.find((one) => one.commonDir === commonDir) ?? { commonDir, applied: [], excluded: "" }
  );
}

function withRepository(
  file: AgentHooksFile,
  repository: Repository,
  one = findRepository(file, repository),
): AgentHooksFile {
  const others = file.repositories.filter(({ commonDir }) => commonDir !== repository.commonDir);
  return { ...file, repositories: [...others, one] };
}
