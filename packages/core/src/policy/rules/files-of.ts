// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "../../ids/index.ts";
import type { RuleDefinition } from "../policy.ts";
import type { RuleContext } from "../rule.ts";

/** Paths that a finding is about: the change's, or those of the commits a rule for each commit found. */
export function filesOf(
  context: RuleContext,
  definition: Pick<RuleDefinition, "scope">,
  commits: readonly ObjectId[],
): readonly RepoPath[] {
  if (definition.scope === "change") return context.facts.files.map((file) => file.path);
  const found = new Set(commits);
  const files = context.facts.commits
    .filter((commit) => found.has(commit.id))
    .flatMap((commit) => commit.files);
  return [...new Set(files.map((file) => file.path))].sort();
}
