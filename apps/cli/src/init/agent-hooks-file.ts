// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AppliedEdit } from "@countersign/agents";

/** What was written into agents' configurations of this user, and which repositories live on it. */
export interface AgentHooksFile {
  readonly version: 1;
  readonly applied: readonly AppliedEdit[];
  /** Git directories. */
  readonly repositories: readonly string[];
}

const NOTHING: AgentHooksFile = { version: 1, applied: [], repositories: [] };

/** Outside any repository, since agents' hooks are the user's and serve all of them; readable by the user only. */
export function hooksFilePath(environment: NodeJS.ProcessEnv, home: string): string {
  const state = environment.XDG_STATE_HOME ?? "";
  return join(state === "" ? join(home, ".local", "state") : state, "countersign", "hooks.json");
}

export function readHooksFile(path: string): AgentHooksFile {
  try {
    const file = JSON.parse(readFileSync(path, "utf8")) as AgentHooksFile;
    return file.version === 1 ? file : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** Whole or not at all; an empty one goes. */
export function writeHooksFile(path: string, file: AgentHooksFile): void {
  if (file.applied.length + file.repositories.length === 0) {
    rmSync(path, { force: true });
    rmSync(dirname(path), { recursive: true, force: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(file, undefined, 1)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
