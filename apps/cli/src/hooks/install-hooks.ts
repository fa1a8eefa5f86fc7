// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { installHook, planHook, planUninstall, uninstallHook } from "./hook-file.ts";
import { formatHookScript, type HookName, type HookProgram } from "./hook-script.ts";
import type { HooksPlace } from "./own-hooks-folder.ts";

export interface HookRow {
  readonly hook: string;
  readonly path: string;
  /** `installed`, `renewed`, `kept`; `removed`, `restored`, `absent`. */
  readonly outcome: string;
}

/** @throws UsageError where a hook of ours was edited, or two hooks of others stand in each other's way */
export async function installHooks(
  { folder, passesTo }: HooksPlace,
  names: readonly HookName[],
  program: HookProgram,
  isDryRun = false,
): Promise<readonly HookRow[]> {
  const rows: HookRow[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const script = formatHookScript(name, program, passesTo);
    rows.push({ hook: name, path, outcome: await (isDryRun ? planHook : installHook)(path, script) });
  }
  return rows;
}

export async function uninstallHooks(
  folder: string,
  names: readonly string[],
  isDryRun = false,
): Promise<readonly HookRow[]> {
  const rows: HookRow[] = [];
  for (const name of names) {
    const path = join(folder, name);
    rows.push({ hook: name, path, outcome: await (isDryRun ? planUninstall : uninstallHook)(path) });
  }
  return rows;
}
