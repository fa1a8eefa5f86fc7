// SPDX-License-Identifier: Apache-2.0
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../exit-code.ts";
import { installHook, isDraft, planHook, planUninstall, uninstallHook } from "./hook-file.ts";
import { formatHookScript, type HookName, type HookProgram } from "./hook-script.ts";
import type { HooksPlace } from "./own-hooks-folder.ts";

export interface HookRow {
  readonly hook: string;
  readonly path: string;
  /** `installed`, `renewed`, `kept`; `removed`, `restored`, `absent`. */
  readonly outcome: string;
}

/** @throws UsageError where a hook of ours was edited, or two hooks of others stand in each other's way; then nothing was written */
export async function installHooks(
  { folder, passesTo }: HooksPlace,
  names: readonly HookName[],
  program: HookProgram,
  isDryRun = false,
): Promise<readonly HookRow[]> {
  const hooks = names.map((name) => ({
    name,
    path: join(folder, name),
    script: formatHookScript(name, program, passesTo),
  }));
  const rows: HookRow[] = [];
  for (const { name, path, script } of hooks)
    rows.push({ hook: name, path, outcome: await planHook(path, script) });
  if (!isDryRun) for (const { path, script } of hooks) await installHook(path, script);
  return rows;
}

/** @throws UsageError where a hook of ours was edited; the others are gone by then all the same */
export async function uninstallHooks(
  folder: string,
  names: readonly string[],
  isDryRun = false,
): Promise<readonly HookRow[]> {
  const rows: HookRow[] = [];
  const refusals: UsageError[] = [];
  for (const name of names)
    try {
      const path = join(folder, name);
      rows.push({ hook: name, path, outcome: await (isDryRun ? planUninstall : uninstallHook)(path) });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refusals.push(error);
    }
  if (!isDryRun) await dropDrafts(folder, names);
  if (refusals[0] !== undefined) throw refusals[0];
  return rows;
}

/** What a process that was killed had not finished writing. */
async function dropDrafts(folder: string, names: readonly string[]): Promise<void> {
  const present = await readdir(folder).catch(() => []);
  for (const file of present)
    if (names.some((name) => isDraft(file, name))) await rm(join(folder, file), { force: true });
}
