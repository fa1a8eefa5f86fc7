// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { resolveFrom } from "./folders.ts";

/** Paths of a command's arguments as far as they stand in the tree. */
export interface CheckedPaths {
  readonly covers: (path: RepoPath) => boolean;
  readonly isAny: boolean;
  /** An argument that a shell fills in, or that is made as it runs. */
  readonly isOpen: boolean;
}

/** What arguments of a command name, run in a folder; `valued` are options whose next word is no path. */
export function toCheckedPaths(
  words: readonly string[],
  folder: string | undefined,
  { paths, valued }: { readonly paths: readonly RepoPath[]; readonly valued: ReadonlySet<string> },
): CheckedPaths {
  const named: RegExp[] = [];
  let isOpen = folder === undefined || words.length > MOST_WORDS;
  for (let i = 0; i < Math.min(words.length, MOST_WORDS); i++) {
    const word = words[i] ?? "";
    if (valued.has(word)) i++;
    if (word.startsWith("-") || /^[0-9]?[<>]/.test(word)) continue;
    const path = /[$`~]/.test(word) ? undefined : resolveFrom(folder ?? "", word);
    const pattern = path === undefined ? undefined : toPattern(path);
    if (pattern !== undefined && paths.some((each) => pattern.test(each))) named.push(pattern);
    else isOpen = true;
  }
  return {
    covers: (path) => folder !== undefined && named.some((pattern) => pattern.test(path)),
    isAny: named.length > 0,
    isOpen,
  };
}

/** For each of them the tree is looked through once. */
const MOST_WORDS = 50;
/** Each is a loop within the others where a name does not fit. */
const MOST_STARS = 3;

/** A file, all files of a folder, or what a shell makes of stars in a name; undefined where that would take long. */
function toPattern(path: string): RegExp | undefined {
  if (path === "") return /^/;
  if ((path.match(/\*+/g)?.length ?? 0) > MOST_STARS) return undefined;
  const parts = path.split("/").map((part) => {
    if (part === "**") return ".*";
    return part
      .replace(/[.+^$()|[\]\\{}]/g, "\\$&")
      .replace(/\*+/g, "[^/]*")
      .replaceAll("?", "[^/]");
  });
  return new RegExp(`^${parts.join("/")}(?:/|$)`);
}
