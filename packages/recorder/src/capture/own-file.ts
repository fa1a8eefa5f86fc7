// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/**
 * A file of the recorder's own, whole; undefined where there is none. Throws for what cannot be read and for what is no plain
 * file, and never waits for one that is a pipe.
 */
export function readOwnFile(path: string): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    if (!fstatSync(file).isFile()) throw new Error("a file of the recorder is no plain file");
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
