// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from "node:fs";

/**
 * A file of the recorder's own, whole; undefined where there is none. Throws for what cannot be read and for what is no plain
 * file, and never waits for one that is a pipe.
 */
export function readOwnFile(path: string): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
  try {
    if (!fstatSync(file).isFile()) throw new Error("a file of the recorder is no plain file");
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Seconds since the epoch; 0 where nobody can tell. */
export function changedAt(path: string): number {
  try {
    return Math.floor(lstatSync(path).mtimeMs / 1000);
  } catch {
    return 0;
  }
}
