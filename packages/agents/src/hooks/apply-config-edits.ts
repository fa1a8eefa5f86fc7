// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { AgentError } from "../agent-error.ts";
import { diskReader } from "./config-reader.ts";
import { fileTrouble } from "./file-trouble.ts";
import { removeJsonHooks } from "./json-hooks.ts";
import { type AppliedEdit, type ConfigEdit, textDigest } from "./plan-hooks.ts";

/**
 * Makes planned edits, each whole or not at all, and says how to undo them together with those made `earlier`. A file that
 * was changed since the plan was made is left alone.
 * @throws AgentError CONFIG_UNWRITABLE; edits before the one that failed are made, and in the error's `applied`
 */
export function applyConfigEdits(
  edits: readonly ConfigEdit[],
  earlier: readonly AppliedEdit[] = [],
): readonly AppliedEdit[] {
  const applied = new Map(earlier.map((edit) => [edit.path, edit]));
  for (const edit of edits)
    try {
      const made = applyOne(edit);
      if (made !== undefined) applied.set(edit.path, joinEdits(applied.get(edit.path), edit, made));
    } catch (error) {
      throw new ConfigWriteError(edit.path, [...applied.values()], error);
    }
  return [...applied.values()];
}

/** What `applyConfigEdits` will return if all goes well; to be kept before it is called, in case that it is killed. */
export function foreseeConfigEdits(
  edits: readonly ConfigEdit[],
  earlier: readonly AppliedEdit[] = [],
): readonly AppliedEdit[] {
  const applied = new Map(earlier.map((edit) => [edit.path, edit]));
  for (const edit of edits) {
    const missing = missingFolders(dirname(edit.path));
    applied.set(edit.path, joinEdits(applied.get(edit.path), edit, missing));
  }
  return [...applied.values()];
}

/** The outermost first. */
function missingFolders(folder: string): readonly string[] {
  if (existsSync(folder) || dirname(folder) === folder) return [];
  return [...missingFolders(dirname(folder)), folder];
}

/** Undoes edits as planRestore or planRemoval planned it, with the folders that were made for them. */
export function restoreConfigEdits(edits: readonly ConfigEdit[], applied: readonly AppliedEdit[] = []): void {
  for (const edit of edits)
    try {
      applyOne(edit);
    } catch (error) {
      throw new ConfigWriteError(edit.path, applied, error);
    }
  for (const folder of applied.flatMap(({ folders }) => folders.toReversed())) removeIfEmpty(folder);
}

export class ConfigWriteError extends AgentError {
  /** Everything that can still be undone. */
  readonly applied: readonly AppliedEdit[];
  constructor(path: string, applied: readonly AppliedEdit[], cause: unknown) {
    super("CONFIG_UNWRITABLE", `${path} cannot be written: ${fileTrouble(cause)}`, { cause });
    this.applied = applied;
  }
}

/** Returns the folders made; undefined if the file is already as planned. */
function applyOne(edit: ConfigEdit): readonly string[] | undefined {
  const current = diskReader.read(edit.path) ?? null;
  if (current === edit.after) return undefined;
  if (current !== edit.before)
    throw new AgentError("CONFIG_UNWRITABLE", "it was changed by somebody else just now");
  if (edit.after === null) {
    rmSync(edit.path);
    return [];
  }
  const first = mkdirSync(dirname(edit.path), { recursive: true });
  writeWhole(edit.path, edit.after, edit.isExecutable);
  return first === undefined ? [] : foldersBetween(first, dirname(edit.path));
}

/**
 * A link, as dotfile managers make it, stays one: what it points to is replaced. One that points nowhere is refused: its target may lie on
 * a disk that is not there now. A crash leaves the old file.
 */
function writeWhole(path: string, text: string, isExecutable: boolean): void {
  const target = realTarget(path);
  const mode = modeOf(target);
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}.countersign`);
  try {
    writeFileSync(draft, text, { flag: "wx", mode: mode ?? (isExecutable ? 0o755 : 0o644) });
    if (mode !== undefined) chmodSync(draft, isExecutable ? mode | 0o111 : mode);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function realTarget(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return path;
    throw new AgentError(
      "CONFIG_UNWRITABLE",
      "it is a link to a file that is not there; make that file, or remove the link",
    );
  }
}

function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode;
}

/** From the first folder that was made down to the last. */
function foldersBetween(first: string, last: string): readonly string[] {
  const folders = [last];
  for (let folder = last; folder !== first && dirname(folder) !== folder; ) {
    folder = dirname(folder);
    folders.unshift(folder);
  }
  return folders;
}

/**
 * An edit of a file that we had edited before: undoing both leads to what was there before the first, unless somebody
 * changed the file in between; then to that, without our part.
 */
function joinEdits(
  earlier: AppliedEdit | undefined,
  edit: ConfigEdit,
  folders: readonly string[],
): AppliedEdit {
  const after = textDigest(edit.after ?? "");
  const { agent, path, before, created, isOwn } = edit;
  if (earlier === undefined) return { agent, path, before, after, created, isOwn, folders };
  const isUnchanged = before !== null && textDigest(before) === earlier.after;
  const both = [...new Set([...earlier.created, ...created])];
  return {
    agent,
    path,
    before: isUnchanged ? earlier.before : before === null ? null : withoutHooks(before, both),
    after,
    created: both,
    isOwn,
    folders: [...earlier.folders, ...folders],
  };
}

function withoutHooks(text: string, created: readonly string[]): string {
  try {
    return removeJsonHooks(text, created);
  } catch {
    return text;
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody keeps something in it, or it is gone: both are well.
  }
}
