// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readlinkSync, renameSync, rmSync, type Stats, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { isAlive } from "./find-ancestors.ts";
import { readOwnFile } from "./own-file.ts";

/**
 * Takes a lock, without waiting for it. A symbolic link comes to be with its content in one step, so a lock always names its
 * holder: one whose holder is gone is free at once, and one whose holder cannot be asked, after `staleMs`. `impossible`: nothing
 * can be written here.
 */
export function takeLock(path: string, staleMs: number): "taken" | "busy" | "impossible" {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found !== undefined && (!isLeftOver(path, found, staleMs) || !putAside(path, found))) return "busy";
    if (!link(path)) writeFileSync(path, `${holder()}\n`, { flag: "wx", mode: 0o600 });
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
    symlinkSync(holder(), path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    return false;
  }
}

function isLeftOver(path: string, stat: Stats, staleMs: number): boolean {
  // Also one from the future: a clock was wrong when it was taken.
  if (Math.abs(Date.now() - stat.mtimeMs) > staleMs) return true;
  const isLink = stat.isSymbolicLink();
  if (!isLink && !stat.isFile()) return true;
  const [, pid, space = processSpace()] = /^(\d+)(?: (.+))?$/.exec(holderOf(path, isLink)) ?? [];
  // A file without a name in it may be one that is being written.
  return pid === undefined ? isLink : space === processSpace() && !isAlive(Number(pid));
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

function holderOf(path: string, isLink: boolean): string {
  try {
    return isLink ? readlinkSync(path) : String(readOwnFile(path)).trimEnd();
  } catch {
    return "";
  }
}

function holder(): string {
  return `${process.pid} ${processSpace()}`;
}

/** Where a process id means what it means here: another machine or container that shares the folder has its own. */
function processSpace(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}
