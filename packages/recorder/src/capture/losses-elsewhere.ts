// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { hashHex } from "../hash-bytes.ts";
import type { RecorderFolder } from "./recorder-folder.ts";

/**
 * Where losses are written down while nothing can be in the Git directory: an agent may go on editing files when its sandbox, a
 * mount or a snapshot has made `.git` read-only, and who wrote those must be in doubt once it is writable again. Beside `init`'s
 * own file, and with no more in it than times, codes and names of agents.
 */
export function lossesElsewhere({ root }: RecorderFolder): string {
  const state = process.env.XDG_STATE_HOME ?? "";
  const base = state.startsWith("/") ? state : join(findHome(), ".local", "state");
  return join(base, "countersign", "lost", `${hashHex(Buffer.from(root)).slice(0, 32)}.ndjson`);
}

/** As homedir() finds it, whose module takes longer to load than a hook's other files are read. */
function findHome(): string {
  const { HOME } = process.env;
  // homedir() takes an empty HOME for its word, which would be the folder we stand in.
  if (HOME === "") return userInfo().homedir;
  return process.platform === "win32" || HOME === undefined ? homedir() : HOME;
}

/** False where that folder cannot be written to either. */
export function appendElsewhere(folder: RecorderFolder, line: string): boolean {
  const path = lossesElsewhere(folder);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, line, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** Once the states in the Git directory hold them. */
export function dropElsewhere(folder: RecorderFolder): void {
  try {
    rmSync(lossesElsewhere(folder), { force: true });
  } catch {
    // Consumed by its length: what is read again says nothing new.
  }
}
