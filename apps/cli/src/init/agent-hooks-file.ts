// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AppliedEdit } from "@countersign/agents";
import { UsageError } from "../exit-code.ts";
import { withLock } from "./with-lock.ts";

/** What was written into agents' configurations of this user, and which repositories live on it. */
export interface AgentHooksFile {
  readonly version: 1;
  /** Edits of the user's own configuration; they serve all repositories. */
  readonly applied: readonly AppliedEdit[];
  readonly repositories: readonly HookedRepository[];
}

export interface HookedRepository {
  /** The Git directory that its work trees share. */
  readonly commonDir: string;
  /** Edits inside its work trees. */
  readonly applied: readonly AppliedEdit[];
  /** Exactly what was appended to info/exclude. */
  readonly excluded: string;
}

const NOTHING: AgentHooksFile = { version: 1, applied: [], repositories: [] };

/** Outside any repository, since agents' hooks are the user's and serve all of them; readable by the user only. */
export function hooksFilePath(environment: NodeJS.ProcessEnv, home: string): string {
  const state = environment.XDG_STATE_HOME ?? "";
  return join(state.startsWith("/") ? state : join(home, ".local", "state"), "countersign", "hooks.json");
}

/**
 * Undefined: something stands there that is no such file.
 * @throws UsageError if a newer version wrote it: what it says could be lost
 */
export function readHooksFile(path: string): AgentHooksFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return NOTHING;
    throw new UsageError(`${path} cannot be read; it says how agents' configurations were before`, {
      cause: error,
    });
  }
  try {
    const file = JSON.parse(text) as AgentHooksFile;
    if (file.version !== 1 && typeof file.version === "number")
      throw new UsageError(`${path} was written by another version of countersign; use that one`);
    return isWhole(file) ? file : undefined;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return undefined;
  }
}

function isWhole(file: AgentHooksFile): boolean {
  return (
    areEdits(file.applied) &&
    Array.isArray(file.repositories) &&
    file.repositories.every(
      (one) =>
        typeof one?.commonDir === "string" && typeof one.excluded === "string" && areEdits(one.applied),
    )
  );
}

function areEdits(edits: readonly AppliedEdit[]): boolean {
  const isText = (value: unknown) => typeof value === "string";
  const isEdit = (edit: AppliedEdit) =>
    [edit?.agent, edit?.path, edit?.after].every(isText) &&
    (edit.before === null || isText(edit.before)) &&
    [edit.created, edit.folders].every((list) => Array.isArray(list) && list.every(isText));
  return Array.isArray(edits) && edits.every(isEdit);
}

/** One writer at a time, whatever repositories they stand in; a damaged file is set aside, never overwritten. */
export async function withHooksFile<T>(
  path: string,
  work: (
    file: AgentHooksFile,
    save: (file: AgentHooksFile) => void,
    damaged: string | undefined,
  ) => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  chmodSync(dirname(path), 0o700);
  return await withLock(`${path}.lock`, async () => {
    const file = readHooksFile(path);
    const damaged = `${path}.damaged`;
    if (file === undefined) renameSync(path, damaged);
    return await work(
      file ?? NOTHING,
      (next) => writeHooksFile(path, next),
      file === undefined ? damaged : undefined,
    );
  }).finally(() => removeIfEmpty(dirname(path)));
}

/** Whole or not at all; an empty one goes. */
function writeHooksFile(path: string, file: AgentHooksFile): void {
  if (file.applied.length + file.repositories.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  const text = `${JSON.stringify(file, undefined, 1)}\n`;
  if (readIfThere(path) === text) return;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is kept in it.
  }
}
