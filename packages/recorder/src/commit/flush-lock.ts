// SPDX-License-Identifier: Apache-2.0
import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { isAlive } from "../capture/find-ancestors.ts";
import { commitFiles } from "./commit-files.ts";

/** Older than any work that it is held for, whatever its process id may belong to by now. */
const STALE_MS = 120_000;

/** `impossible`: nothing can be written here. A killed process's lock is taken over at once. */
export function takeFlushLock(gitDir: string): "taken" | "busy" | "impossible" {
  const { flushLock } = commitFiles(gitDir);
  const draft = `${flushLock}.${process.pid}`;
  try {
    mkdirSync(dirname(flushLock), { recursive: true, mode: 0o700 });
    if (isAbandoned(flushLock)) rmSync(flushLock, { force: true });
    writeFileSync(draft, `${process.pid}\n`, { mode: 0o600 });
    putInPlace(draft, flushLock);
    return "taken";
  } catch (error) {
    return codeOf(error) === "EEXIST" ? "busy" : "impossible";
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Linked, so that it appears with its content: nobody finds one that does not say whose it is. Some file systems have no links. */
function putInPlace(draft: string, flushLock: string): void {
  try {
    linkSync(draft, flushLock);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw error;
    copyFileSync(draft, flushLock, constants.COPYFILE_EXCL);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Another machine's or container's process may be alive without being seen here; two at once only do the same work twice. */
function isAbandoned(flushLock: string): boolean {
  const stat = statSync(flushLock, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (Date.now() - stat.mtimeMs > STALE_MS) return true;
  const owner = Number(readFileSync(flushLock, "latin1"));
  return Number.isSafeInteger(owner) && owner > 0 && !isAlive(owner);
}

export function releaseFlushLock(gitDir: string): void {
  rmSync(commitFiles(gitDir).flushLock, { force: true });
}
