// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";

interface Ancestor {
  readonly pid: number;
  readonly name: string;
}

const MOST = 64;
/** What an agent starts a hook or a command through. */
const SHELLS = new Set(["sh", "bash", "dash", "zsh", "ash", "busybox", "env", "git", "fish"]);

/** The processes above this one, nearest first; empty where the system does not say (no /proc). */
export function findAncestors(): readonly Ancestor[] {
  return [...walkAncestors()];
}

/** The nearest one of which something is true; those above it are not looked at. */
export function findAncestor(isMeant: (ancestor: Ancestor) => boolean): Ancestor | undefined {
  for (const ancestor of walkAncestors()) if (isMeant(ancestor)) return ancestor;
  return undefined;
}

function* walkAncestors(): Generator<Ancestor, void, undefined> {
  let pid = findParent();
  for (let count = 0; pid > 1 && count < MOST; count++) {
    const ancestor = readProcess(pid);
    if (ancestor === undefined) return;
    yield { pid, name: ancestor.name };
    pid = ancestor.parent;
  }
}

/** The agent that called a hook: the nearest process above it that is no shell; 0 where unknown. */
export function findAgentPid(): number {
  return findAncestor(({ name }) => !SHELLS.has(name))?.pid ?? 0;
}

/** A hook's shell starts this program in the background and waits; the one it was forked in is gone by now. */
function findParent(): number {
  const waiting = Number(process.env.COUNTERSIGN_WAITING);
  return Number.isSafeInteger(waiting) && waiting > 1 ? waiting : process.ppid;
}

function readProcess(pid: number): { readonly name: string; readonly parent: number } | undefined {
  try {
    // proc(5): `pid (comm) state ppid …`; the name may itself hold brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const end = stat.lastIndexOf(")");
    const parent = Number(stat.slice(end + 2).split(" ")[1]);
    return { name: stat.slice(stat.indexOf("(") + 1, end), parent };
  } catch {
    return undefined;
  }
}

/** False only where the system says that no such process exists; another user's exists too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
