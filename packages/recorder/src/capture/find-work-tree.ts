// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { readCoreSettings } from "./core-settings.ts";

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
  if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    return undefined;
  if (absolute === place.gitDir || absolute.startsWith(place.gitDir + sep)) return undefined;
  return { place, path: inside.split(sep).join("/"), absolute };
}

/**
 * The work tree that a folder lies in, the innermost one, its links resolved. Undefined in a bare repository and inside a Git
 * directory, where no files of a work tree are.
 */
export function findWorkTree(folder: string): WorkTreePlace | undefined {
  for (let at = resolveLinks(resolve(folder)); ; at = dirname(at)) {
    const gitDir = readGitDir(join(at, ".git"));
    if (gitDir !== undefined) return toPlace(at, gitDir);
    if (isBareGitDir(at) || dirname(at) === at) return undefined;
  }
}

/** A linked work tree has no settings of its own about where it is; only the main one may lie elsewhere, or be none. */
function toPlace(folder: string, gitDir: string): WorkTreePlace | undefined {
  if (exists(join(gitDir, "commondir"))) return { workTree: folder, gitDir };
  const { isBare, workTree } = readCoreSettings(gitDir);
  if (workTree !== undefined) {
    const elsewhere = resolveLinks(resolve(gitDir, workTree));
    const isInside = folder === elsewhere || folder.startsWith(elsewhere + sep);
    return isInside || elsewhere.startsWith(folder + sep) ? { workTree: elsewhere, gitDir } : undefined;
  }
  return isBare ? undefined : { workTree: folder, gitDir };
}

/** `.git` is a folder, or a file that names one (linked work trees, submodules): gitrepository-layout(5). */
function readGitDir(dotGit: string): string | undefined {
  try {
    if (statSync(dotGit).isDirectory())
      return exists(join(dotGit, "HEAD")) ? realpathSync(dotGit) : undefined;
    const named = /^gitdir: ([^\0]+?)\r?\n?$/.exec(readFileSync(dotGit, "utf8"))?.[1];
    if (named === undefined) return undefined;
    const folder = realpathSync(resolve(dirname(dotGit), named));
    return exists(join(folder, "HEAD")) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** A Git directory itself: `.git`, a bare repository, one of `.git/modules` or `.git/worktrees`. */
function isBareGitDir(folder: string): boolean {
  if (!exists(join(folder, "HEAD"))) return false;
  return (
    exists(join(folder, "commondir")) || (exists(join(folder, "objects")) && exists(join(folder, "refs")))
  );
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** More links in a row than any system follows. */
const MOST_LINKS = 40;

/**
 * As far as the path exists; a file about to be created lies in the nearest folder that does, or where a link that leads
 * nowhere yet will lead.
 */
function resolveLinks(path: string, links = 0): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    if (parent === path || links > MOST_LINKS) return path;
    const folder = resolveLinks(parent, links + 1);
    const target = readLink(join(folder, basename(path)));
    return target === undefined
      ? join(folder, basename(path))
      : resolveLinks(resolve(folder, target), links + 1);
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
