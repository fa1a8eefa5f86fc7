// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { foldPath } from "./path-glob.ts";

/** For each of the paths, those among `present` that are the same file where case or Unicode form is ignored (T43). */
export function findTwins(
  paths: readonly RepoPath[],
  present: Iterable<RepoPath>,
): ReadonlyMap<RepoPath, readonly RepoPath[]> {
  const folded = new Map<string, Set<RepoPath>>(paths.map((path) => [foldPath(path), new Set()]));
  const own = new Set(paths);
  for (const path of present) if (!own.has(path)) folded.get(foldPath(path))?.add(path);
  const rows = [...own].map((path) => [path, [...(folded.get(foldPath(path)) ?? [])]] as const);
  return new Map(rows.filter(([, twins]) => twins.length > 0));
}
