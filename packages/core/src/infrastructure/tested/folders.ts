// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";

/** Folder of a file, without a slash at its end; empty for the repository's own. */
export function folderOf(path: RepoPath): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function nameOf(path: RepoPath): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Where a relative path leads from a folder; undefined out of the repository, or where it is none. */
export function resolveFrom(folder: string, relative: string): string | undefined {
  if (relative.startsWith("/")) return undefined;
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

export function isInside(path: RepoPath, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** Folders above are looked through so far; nobody nests a project deeper. */
const MOST_LEVELS = 64;

/** The nearest folder around a path that is one of these. */
export function nearestOf(path: RepoPath, folders: ReadonlySet<string>): string | undefined {
  let folder = folderOf(path);
  for (let level = 0; level < MOST_LEVELS; level++) {
    if (folders.has(folder)) return folder;
    if (folder === "") return undefined;
    folder = folderOf(folder);
  }
  return undefined;
}

/** Folders that hold a file of this name. */
export function foldersWith(paths: readonly RepoPath[], name: RegExp): ReadonlySet<string> {
  return new Set(paths.filter((path) => name.test(nameOf(path))).map(folderOf));
}
