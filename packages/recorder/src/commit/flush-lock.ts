// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { releaseLock, takeLock } from "../capture/take-lock.ts";
import { commitFiles } from "./commit-files.ts";

/** Older than any work that it is held for. */
const STALE_MS = 120_000;

/** `impossible`: nothing can be written here. A killed process's lock is taken over at once. */
export function takeFlushLock(gitDir: string): ReturnType<typeof takeLock> {
  const { flushLock } = commitFiles(gitDir);
  try {
    mkdirSync(dirname(flushLock), { recursive: true, mode: 0o700 });
  } catch {
    return "impossible";
  }
  return takeLock(flushLock, STALE_MS);
}

export function releaseFlushLock(gitDir: string): void {
  releaseLock(commitFiles(gitDir).flushLock);
}
