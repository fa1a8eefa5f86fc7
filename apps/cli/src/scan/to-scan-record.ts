// SPDX-License-Identifier: Apache-2.0
import { type ScanRecord, toClaimedTime } from "@countersign/core/render";
import {
  parseCommitMessage,
  type RecordedEvidence,
  type Warning,
  withRecords,
} from "@countersign/core/trailers";
import type { CommitRecord } from "@countersign/git";

/** What `scan` says of a commit; `branchNames` are the branches whose tip it is, `recorded` what recorders know of it. */
export function toScanRecord(
  commit: CommitRecord,
  branchNames: readonly string[],
  recorded?: RecordedEvidence,
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
    warnings: commit.anomalies.length === 0 ? warnings : [...warnings, ...commit.anomalies.map(toWarning)],
  };
}

function toWarning(code: CommitRecord["anomalies"][number]): Warning {
  return {
    code,
    message: `The commit object is unusual (${code}): tools may read it differently. Look at it with git cat-file -p.`,
  };
}
