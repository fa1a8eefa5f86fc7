// SPDX-License-Identifier: Apache-2.0
import { type ScanRecord, toClaimedTime } from "@countersign/core/render";
import { parseCommitMessage, type Warning, withRecords } from "@countersign/core/trailers";
import type { CommitRecord } from "@countersign/git";
import type { RecordedCommit } from "@countersign/recorder";

/** What `scan` says of a commit; `branchNames` are the branches whose tip it is, `recorded` what recorders know of it. */
export function toScanRecord(
  commit: CommitRecord,
  branchNames: readonly string[],
  recorded: RecordedCommit | undefined,
): ScanRecord {
  const { message, author, committer } = commit;
  const parsed = parseCommitMessage({ message, author, committer, branchNames });
  const { state, assistance, warnings } = withRecords(parsed, recorded);
  return {
    commit: commit.id,
    tree: commit.tree,
    parents: commit.parents,
    title: parsed.title,
    authoredAt: toClaimedTime(author.at),
    committedAt: toClaimedTime(committer.at),
    state,
    assistance,
    coverage: toCoverage(recorded),
    warnings: commit.anomalies.length === 0 ? warnings : [...warnings, ...commit.anomalies.map(toWarning)],
  };
}

function toCoverage(recorded: RecordedCommit | undefined): ScanRecord["coverage"] {
  if (recorded?.isOwn !== true) return null;
  return recorded.record?.coverage.isWhole === true ? "whole" : "partial";
}

function toWarning(code: CommitRecord["anomalies"][number]): Warning {
  return {
    code,
    message: `The commit object is unusual (${code}): tools may read it differently. Look at it with git cat-file -p.`,
  };
}
