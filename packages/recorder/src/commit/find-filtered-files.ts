// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "@countersign/core/ids";
import { findFiltered, type Repository } from "@countersign/git";
import { textsOf, type WorkingState } from "../capture/working-state.ts";
import type { TargetCommit } from "../derive/read-targets.ts";
import type { TargetFile } from "../derive/target-file.ts";

/**
 * Files of a commit that Git made of what lies on disk by a filter: a line that is in none of the texts which were seen there is nobody's
 * typing. Asked of those that hold such a line, which a commit of what was seen has not; so most commits start no process for it.
 */
export async function findFilteredFiles(
  repo: Repository,
  targets: readonly TargetCommit[],
  state: WorkingState,
): Promise<ReadonlySet<RepoPath>> {
  const strange = targets.flatMap(({ files }) => files.filter((file) => hasStrangeLine(file, state)));
  return findFiltered(repo, [...new Set(strange.map(({ path }) => path))]);
}

function hasStrangeLine({ path, lines, isAdded }: TargetFile, { paths }: WorkingState): boolean {
  const known = paths.get(path);
  if (known === undefined) return false;
  const seen = new Set(textsOf(known).flatMap((text) => text.lines.map(withoutEnd)));
  return lines.some((line, index) => isAdded[index] === 1 && !seen.has(withoutEnd(line)));
}

function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, "");
}
