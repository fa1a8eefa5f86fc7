// SPDX-License-Identifier: Apache-2.0
import {
  closeSync,
  lstatSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
} from "node:fs";
import { hostname } from "node:os";
import { isAlive } from "./find-ancestors.ts";

/**
 * Takes a lock, without waiting for it. A symbolic link comes to be with its content in one step, so a lock always names its
 * holder: one whose holder is gone is free at once, and one whose holder cannot be asked, after `staleMs`. `impossible`: nothing
 * can be written here.
 */
export function takeLock(path: string, staleMs: number): "taken" | "busy" | "impossible" {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found !== undefined && (!isLeftOver(path, found, staleMs) || !putAside(path, found))) return "busy";
    if (!link(path)) closeSync(openSync(path, "wx", 0o600));
    return "taken";
  } catch (error) {
    // Gone while we looked at it, or there when we came to it: somebody was first.
    const code = (error as NodeJS.ErrnoException).code ?? "";
    return ["EEXIST", "ENOENT"].includes(code) ? "busy" : "impossible";
  }
}

export function releaseLock(path: string): void {
  rmSync(path, { force: true });
}

/** False on a file system without symbolic links. */
function link(path: string): boolean {
  try {
    symlinkSync(`${process.pid} ${processSpace()}`, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    return false;
  }
}

function isLeftOver(path: string, stat: Stats, staleMs: number): boolean {
  // Also one from the future: a clock was wrong when it was taken.
  if (Math.abs(Date.now() - stat.mtimeMs) > staleMs) return true;
  if (!stat.isSymbolicLink()) return !stat.isFile();
  const [, pid = "", space = ""] = /^(\d+) (.+)$/.exec(holderOf(path)) ?? [];
  return space === "" || (space === processSpace() && !isAlive(Number(pid)));
}

/** Of several that find a lock left over one gets it; whoever gets another's fresh one instead gives it back. */
function putAside(path: string, { ino }: Stats): boolean {
  const aside = `${path}.${process.pid}`;
  renameSync(path, aside);
  const isIt = lstatSync(aside).ino === ino;
  if (isIt) rmSync(aside, { force: true, recursive: true });
  else renameSync(aside, path);
  return isIt;
}

function holderOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

/** Where a process id means what it means here: another machine or container that shares the folder has its own. */
function processSpace(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}
