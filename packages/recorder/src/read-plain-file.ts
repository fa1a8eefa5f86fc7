// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/** What stands for a file that is not there, or is a link, which has no lines of its own. */
const NO_FILE: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ELOOP", "EMLINK"]);

/**
 * A file of the work tree; undefined where it is none, is larger, or is anything but a plain file. A commit can hold a link to a device, whose
 * bytes never end, and to a pipe, which nobody writes to. Throws what the system says where a file cannot be read.
 */
export function readPlainFile(path: Buffer | string, mostBytes: number): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    const stat = fstatSync(file);
    return stat.isFile() && stat.size <= mostBytes ? readFileSync(file) : undefined;
  } catch (error) {
    if (NO_FILE.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
