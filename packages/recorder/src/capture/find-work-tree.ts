// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** A work tree and its own Git directory, found without starting Git: a hook must not pay for a process to know where it is. */
export interface WorkTreePlace {
  readonly workTree: string;
  /** The work tree's own; linked work trees each have one. */
  readonly gitDir: string;
}

/** A file of a work tree, by its path in it. */
export interface PlacedFile {
  readonly place: WorkTreePlace;
  /** `/`-separated, relative to the work tree's top. */
  readonly path: string;
  readonly absolute: string;
}

/**
 * Where a file lies, links resolved: an edit through a symbolic link changes what it points to. Undefined outside any work
 * tree and inside a Git directory.
 */
export function placeFile(cwd: string, path: string): PlacedFile | undefined {
  const absolute = resolveLinks(isAbsolute(path) ? path : resolve(cwd, path));
  const place = findWorkTree(dirname(absolute));
  if (place === undefined) return undefined;
  const inside = relative(place.workTree, absolute);
  if (inside === "" || inside.startsWith("..")) return undefined;
  if (absolute === place.gitDir || absolute.startsWith(place.gitDir + sep)) return undefined;
  return { place, path: inside.split(sep).join("/"), absolute };
}

/** The work tree that a folder lies in, the innermost one. */
export function findWorkTree(folder: string): WorkTreePlace | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const gitDir = readGitDir(join(at, ".git"));
    if (gitDir !== undefined) return { workTree: at, gitDir };
    if (dirname(at) === at) return undefined;
  }
}

/** `.git` is a folder, or a file that names one (linked work trees, submodules): gitrepository-layout(5). */
function readGitDir(dotGit: string): string | undefined {
  try {
    if (statSync(dotGit).isDirectory()) return isGitDir(dotGit) ? realpathSync(dotGit) : undefined;
    const named = /^gitdir: (.+?)\r?\n?$/.exec(readFileSync(dotGit, "utf8"))?.[1];
    if (named === undefined) return undefined;
    const folder = realpathSync(resolve(dirname(dotGit), named));
    return isGitDir(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function isGitDir(folder: string): boolean {
  try {
    lstatSync(join(folder, "HEAD"));
    return true;
  } catch {
    return false;
  }
}

/** As far as the path exists; a file about to be created lies in the nearest folder that does. */
function resolveLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(resolveLinks(parent), basename(path));
  }
}
