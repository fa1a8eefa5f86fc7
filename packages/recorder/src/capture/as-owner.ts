// SPDX-License-Identifier: Apache-2.0
import { statSync } from "node:fs";

/**
 * Does something with the rights of whoever owns a Git directory, where this process runs as root: in a container, say,
 * whose repository comes from outside. Files then belong to that person, whose own hooks must read them, and nothing is
 * written where that person could not write. Does it as it is everywhere else.
 */
export async function asOwner<T>(gitDir: string, work: () => Promise<T>): Promise<T> {
  const owner = findOwner(gitDir);
  if (owner === undefined || process.seteuid === undefined || process.setegid === undefined)
    return await work();
  const group = process.getegid?.() ?? 0;
  process.setegid(owner.gid);
  process.seteuid(owner.uid);
  try {
    return await work();
  } finally {
    process.seteuid(0);
    process.setegid(group);
  }
}

function findOwner(gitDir: string): { readonly uid: number; readonly gid: number } | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const stat = statSync(gitDir, { throwIfNoEntry: false });
  return stat === undefined || stat.uid === 0 ? undefined : stat;
}
