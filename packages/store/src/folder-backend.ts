// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkPath } from "./check-path.ts";
import { claimName, isCode, SCRATCH, syncPath, takeName, writeScratch } from "./folder-files.ts";
import { openFolderLock } from "./folder-lock.ts";
import type { LedgerBackend, LedgerObjects } from "./ports.ts";
import { StoreError } from "./store-error.ts";

/** Nobody writes a file for this long. */
const SCRATCH_LIFETIME_MS = 3_600_000;
const SYNCED_AT_ONCE = 16;

/** A ledger in a folder of a local disk; any number of processes may read and write it at once. */
export function openFolderBackend(root: string): LedgerBackend {
  mkdirSync(root, { recursive: true });
  sweepScratch(root);
  return { name: root, objects: openFolderObjects(root), lock: openFolderLock(root) };
}

function openFolderObjects(root: string): LedgerObjects {
  const unsynced = new Set<string>();
  /** Folders whose own names are on the disk for certain. */
  const settled = new Set<string>();
  const pathOf = (path: string) => join(root, ...checkPath(path));

  function place(path: string, bytes: Uint8Array): string {
    const target = pathOf(path);
    if (!claimName(writeScratch(root, bytes), target)) refuseChange(path, target, bytes);
    return target;
  }

  async function syncFolders(files: readonly string[]): Promise<void> {
    const own = files.map((file) => dirname(file));
    const parents = own.flatMap((folder) => (settled.has(folder) ? [] : foldersOf(root, folder)));
    await syncAll([...new Set([...own, ...parents])]);
    for (const folder of own) settled.add(folder);
  }

  async function sync(): Promise<void> {
    const files = [...unsynced];
    unsynced.clear();
    try {
      await syncAll(files);
      await syncFolders(files);
    } catch (error) {
      for (const file of files) unsynced.add(file);
      throw error;
    }
  }

  return {
    get: async (path) => readWhole(pathOf(path)),
    put: async (path, bytes) => {
      const target = place(path, bytes);
      await syncPath(target);
      await syncFolders([target]);
    },
    putLazily: async (path, bytes) => {
      unsynced.add(place(path, bytes));
    },
    replaceLazily: async (path, bytes) => {
      takeName(writeScratch(root, bytes), pathOf(path));
      unsynced.add(pathOf(path));
    },
    sync,
    remove: async (path) => {
      removeFile(pathOf(path));
      if (removeEmpty(dirname(pathOf(path)))) settled.delete(dirname(pathOf(path)));
    },
    list: async (folder) => listFiles(join(root, ...checkPath(folder))),
  };
}

function readWhole(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].some((code) => isCode(error, code))) return undefined;
    throw error;
  }
}

function refuseChange(path: string, target: string, bytes: Uint8Array): void {
  const known = readWhole(target);
  if (known !== undefined && Buffer.from(known).equals(bytes)) return;
  throw new StoreError("OBJECT_CHANGED", `${path} exists with other content; immutable objects never change`);
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [entry.name] : [],
    );
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** The folders whose names lead to a file: each may have been made for it. */
function foldersOf(root: string, file: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = dirname(file); folder.length >= root.length; folder = dirname(folder))
    folders.push(folder);
  return folders;
}

async function syncAll(paths: readonly string[]): Promise<void> {
  const waiting = [...paths];
  const workers = Array.from({ length: Math.min(SYNCED_AT_ONCE, paths.length) }, async () => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) await syncPath(path);
  });
  await Promise.all(workers);
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

/** Removes the folder of a tile's partial forms with the last of them: every other folder is needed again. */
function removeEmpty(folder: string): boolean {
  if (!folder.endsWith(".p")) return false;
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    if (isCode(error, "ENOTEMPTY") || isCode(error, "ENOENT")) return false;
    throw error;
  }
}

/** What killed writers left behind. Nothing reads it, so this is only about space. */
function sweepScratch(root: string): void {
  for (const name of listFiles(join(root, SCRATCH))) {
    const path = join(root, SCRATCH, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > SCRATCH_LIFETIME_MS) rmSync(path, { force: true });
  }
}
