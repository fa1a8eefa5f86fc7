// SPDX-License-Identifier: Apache-2.0
import { type ScanRecord, toClaimedTime } from "@countersign/core/render";
import { parseCommitMessage, toCommitState, type Warning } from "@countersign/core/trailers";
import type { CommitRecord } from "@countersign/git";

/** What `scan` says of a commit; `branchNames` are the branches whose tip it is. */
export function toScanRecord(commit: CommitRecord, branchNames: readonly string[]): ScanRecord {
  const { message, author, committer } = commit;
  const parsed = parseCommitMessage({ message, author, committer, branchNames });
  return {
    commit: commit.id,
    tree: commit.tree,
    parents: commit.parents,
    title: parsed.title,
    authoredAt: toClaimedTime(author.at),
    committedAt: toClaimedTime(committer.at),
    state: toCommitState(parsed),
    assistance: parsed.assistance,
    warnings:
      commit.anomalies.length === 0
        ? parsed.warnings
        : [...parsed.warnings, ...commit.anomalies.map(toWarning)],
  };
}

function toWarning(code: CommitRecord["anomalies"][number]): Warning {
  return {
    code,
    message: `The commit object is unusual (${code}): tools may read it differently. Look at it with git cat-file -p.`,
  };
}
