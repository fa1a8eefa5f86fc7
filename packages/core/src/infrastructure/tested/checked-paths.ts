// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { folderOf, isInside, resolveFrom } from "./folders.ts";

/** Paths of a command's arguments as far as they stand in the tree. */
export interface CheckedPaths {
  readonly covers: (path: RepoPath) => boolean;
  readonly isAny: boolean;
  /** An argument that a shell fills in, or that is made as it runs. */
  readonly isOpen: boolean;
}

/** Paths of a tree, as often asked for as a pipeline has words. */
export interface PathTree {
  readonly paths: readonly RepoPath[];
  /** Whether there is such a file, or a folder with files. */
  readonly has: (path: string) => boolean;
}

export function openPathTree(paths: readonly RepoPath[]): PathTree {
  const here = new Set<string>();
  for (const path of paths)
    for (let each = path; each !== "" && !here.has(each); each = folderOf(each)) here.add(each);
  return { paths, has: (path) => (path === "" ? paths.length > 0 : here.has(path)) };
}

/** What arguments of a command name, run in a folder; `valued` are options whose next word is no path. */
export function toCheckedPaths(
  words: readonly string[],
  folder: string | undefined,
  { tree, valued }: { readonly tree: PathTree; readonly valued: ReadonlySet<string> },
): CheckedPaths {
  const named: Covers[] = [];
  let isOpen = folder === undefined || words.length > MOST_WORDS;
  let patterns = 0;
  for (let i = 0; i < Math.min(words.length, MOST_WORDS); i++) {
    const word = words[i] ?? "";
    if (valued.has(word)) i++;
    if (word.startsWith("-") || /^[0-9]?[<>]/.test(word)) continue;
    const path = /[$`~]/.test(word) ? undefined : resolveFrom(folder ?? "", word);
    const isPattern = path !== undefined && /[*?]/.test(path);
    const covers =
      path === undefined || (isPattern && ++patterns > MOST_PATTERNS) ? undefined : toCovers(path, tree);
    if (covers === undefined) isOpen = true;
    else named.push(covers);
  }
  return {
    covers: (path) => folder !== undefined && named.some((covers) => covers(path)),
    isAny: named.length > 0,
    isOpen,
  };
}

type Covers = (path: RepoPath) => boolean;

const MOST_WORDS = 50;
/** For each of them the tree is looked through once. */
const MOST_PATTERNS = 5;
/** Each is a loop within the others where a name does not fit. */
const MOST_STARS = 3;

/** A file, all files of a folder, or what a shell makes of stars in a name; undefined where the tree has nothing of it, or where that would take long. */
function toCovers(path: string, tree: PathTree): Covers | undefined {
  if (!/[*?]/.test(path)) return tree.has(path) ? (each) => isInside(each, path) : undefined;
  if ((path.match(/\*+/g)?.length ?? 0) > MOST_STARS) return undefined;
  const parts = path.split("/").map((part) => {
    if (part === "**") return ".*";
    return part
      .replace(/[.+^$()|[\]\\{}]/g, "\\$&")
      .replace(/\*+/g, "[^/]*")
      .replaceAll("?", "[^/]");
  });
  const pattern = new RegExp(`^${parts.join("/")}(?:/|$)`);
  return tree.paths.some((each) => pattern.test(each)) ? (each) => pattern.test(each) : undefined;
}
