// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  AGENTS,
  type AppliedEdit,
  diskReader,
  type HookLocation,
  planRemoval,
  planRestore,
  restoreConfigEdits,
} from "@countersign/agents";
import { isTracked, type Repository } from "@countersign/git";
import type { AgentHooksFile } from "./agent-hooks-file.ts";
import { removeExcludes } from "./exclude-file.ts";
import type { InitRow } from "./init-report.ts";
import { findRepository } from "./install-agents.ts";

export interface Uninstalled {
  readonly rows: readonly InitRow[];
  readonly file: AgentHooksFile;
}

export interface UninstallRequest {
  readonly repository: Repository;
  readonly location: HookLocation;
  readonly file: AgentHooksFile;
  /** Also while other repositories use the user's hooks. */
  readonly all: boolean;
  readonly isDryRun: boolean;
}

/**
 * Undoes what was done inside this repository, and what was done to the user's own configuration once no other repository
 * uses it. What could not be undone stays in the file, for another try.
 */
export async function uninstallAgents(request: UninstallRequest): Promise<Uninstalled> {
  const { repository, file, all, isDryRun } = request;
  const own = findRepository(file, repository);
  const others = file.repositories.filter(
    (one) => one.commonDir !== repository.commonDir && existsSync(join(one.commonDir, "HEAD")),
  );
  const local = restoreEach(own.applied, isDryRun);
  if (!isDryRun && local.left.length === 0) removeExcludes(repository.commonDir, own.excluded);
  const rest = local.left.length === 0 ? [] : [{ ...own, applied: local.left }];
  const isLast = all || others.length === 0;
  const user = isLast
    ? restoreEach(file.applied, isDryRun)
    : { rows: file.applied.map(staying), left: file.applied };
  const found = isLast ? await removeUnknown(request) : [];
  return {
    rows: [...local.rows, ...user.rows, ...found],
    file: { ...file, applied: user.left, repositories: [...others, ...rest] },
  };
}

function restoreEach(
  applied: readonly AppliedEdit[],
  isDryRun: boolean,
): { readonly rows: readonly InitRow[]; readonly left: readonly AppliedEdit[] } {
  const rows: InitRow[] = [];
  const left: AppliedEdit[] = [];
  // Backwards: folders go with the edit they were made for, the first of those in them.
  for (const edit of applied.toReversed())
    try {
      const edits = planRestore([edit], diskReader);
      if (!isDryRun) restoreConfigEdits(edits, [edit]);
      rows.push(
        toRow(edit, edits.length === 0 ? "absent" : edits[0]?.after === null ? "removed" : "restored"),
      );
    } catch (error) {
      left.unshift(edit);
      rows.push({ ...toRow(edit, "failed"), detail: error instanceof Error ? error.message : String(error) });
    }
  return { rows, left };
}

function staying(edit: AppliedEdit): InitRow {
  return toRow(edit, "stays");
}

/** Hooks of ours that nothing is known of: an install that was cut off, or a file of what was done that was lost. */
async function removeUnknown({
  repository,
  location,
  file,
  isDryRun,
}: UninstallRequest): Promise<readonly InitRow[]> {
  const rows: InitRow[] = [];
  const known = new Set(
    [...file.applied, ...findRepository(file, repository).applied].map(({ path }) => path),
  );
  for (const agent of AGENTS)
    try {
      for (const edit of await planRemoval({ ...location, agent }, diskReader)) {
        if (known.has(edit.path) || (await isTracked(repository, edit.path))) continue;
        if (!isDryRun) restoreConfigEdits([edit]);
        rows.push(toRow(edit, edit.after === null ? "removed" : "restored"));
      }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      rows.push({ kind: "agent", name: agent.name, where: null, outcome: "failed", detail });
    }
  return rows;
}

function toRow({ agent, path }: Pick<AppliedEdit, "agent" | "path">, outcome: InitRow["outcome"]): InitRow {
  return { kind: "agent", name: agent, where: path, outcome, detail: null };
}
