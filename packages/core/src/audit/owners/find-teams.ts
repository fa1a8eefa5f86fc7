// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { OwnerRule } from "./parse-codeowners.ts";

/** What nobody owns, and what is owned by people by name: a report can then be given on without their names, and no sum changes. */
export const UNOWNED = "(unowned)";
export const PEOPLE = "(people)";

const MOST_KNOWN = 50_000;

/** The teams to which paths belong, sorted, each once; the last rule that matches a path decides. */
export function createTeamFinder(
  rules: readonly OwnerRule[],
): (paths: readonly RepoPath[]) => readonly string[] {
  const newestFirst = [...rules].reverse();
  const known = new Map<RepoPath, readonly string[]>();
  const teamsOf = (path: RepoPath): readonly string[] => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const owners = newestFirst.find(({ matches }) => matches(path))?.owners ?? [];
    const teams = owners.length === 0 ? [UNOWNED] : owners.map((owner) => (isTeam(owner) ? owner : PEOPLE));
    if (known.size < MOST_KNOWN) known.set(path, teams);
    return teams;
  };
  return (paths) => [...new Set(paths.flatMap(teamsOf))].sort();
}

/** `@org/team`, or GitLab's `@@role`; `@login` and e-mails are people. */
function isTeam(owner: string): boolean {
  return owner.startsWith("@@") || (owner.startsWith("@") && owner.includes("/"));
}
