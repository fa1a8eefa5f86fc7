// SPDX-License-Identifier: Apache-2.0
import type { CommitFacts } from "../change.ts";
import type { Finding } from "../verdict.ts";

/** The finding that a policy's `deny | warn | allow` makes of some commits; none where there are none. */
export function toAnswerFindings(
  rule: string,
  answer: "deny" | "warn" | "allow",
  reason: string,
  commits: readonly CommitFacts[],
): readonly Finding[] {
  if (commits.length === 0 || answer === "allow") return [];
  const files = [...new Set(commits.flatMap((commit) => commit.files.map((file) => file.path)))].sort();
  const status = answer === "deny" ? "fail" : "warning";
  return [{ rule, status, reason, commits: commits.map((commit) => commit.id), files, missing: null }];
}
