// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import { closeSync, fsync, linkSync, mkdirSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

// Calls that only touch the cache are made synchronously: handing them to a thread costs more than they do. What waits for
// the disk never blocks.
const waitForDisk = promisify(fsync);

/** Files half written; never read, and swept away when they are old. */
export const SCRATCH = ".scratch";

/** Writes a file that nobody sees yet. */
export function writeScratch(root: string, bytes: Uint8Array): string {
  const path = join(root, SCRATCH, `${process.pid}-${randomBytes(8).toString("hex")}`);
  const file = withParents(path, () => openSync(path, "wx", 0o644));
  try {
    let at = 0;
    while (at < bytes.length) at += writeSync(file, bytes, at);
  } finally {
    closeSync(file);
  }
  return path;
}

/** Gives a written file its name, all at once; false where the name is taken. */
export function claimName(scratch: string, path: string): boolean {
  try {
    withParents(path, () => linkSync(scratch, path));
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    unlinkSync(scratch);
  }
}

/** Gives a written file its name, all at once, whatever had it before. */
export function takeName(scratch: string, path: string): void {
  withParents(path, () => renameSync(scratch, path));
}

/** Waits until a file, or the names in a folder, are on the disk; what is no longer there needs no waiting. */
export async function syncPath(path: string): Promise<void> {
  const file = openToSync(path);
  if (file === undefined) return;
  try {
    await waitForDisk(file);
  } finally {
    closeSync(file);
  }
}

function openToSync(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

export function isCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}

function withParents<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
    mkdirSync(dirname(path), { recursive: true });
    return act();
  }
}
