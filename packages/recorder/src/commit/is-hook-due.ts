// SPDX-License-Identifier: Apache-2.0
import { statSync } from "node:fs";
import { join } from "node:path";
import type { MadeCommit } from "./find-made-commits.ts";

/** What runs post-commit. A merge, a pull, `am` and plumbing run other hooks or none. */
const HOOKED = /^(?:commit|cherry-pick|revert|rebase)\b/;

/**
 * Whether the newest commit was made so lately, by the file system's time, that Git may not have called the hook yet that says that it
 * saw it. Recorded now it would lack that hook for good.
 */
export function isHookDue(gitDir: string, made: readonly MadeCommit[], milliseconds: number): boolean {
  const last = made.at(-1);
  if (last === undefined || last.isSeen || !HOOKED.test(last.move?.action ?? "")) return false;
  const moved = statSync(join(gitDir, "logs", "HEAD"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Math.abs(Date.now() - moved) < milliseconds;
}
