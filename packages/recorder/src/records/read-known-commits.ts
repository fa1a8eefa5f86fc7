// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, toAssistance } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import type { Repository } from "@countersign/git";
import { deriveRecords } from "../derive/derive-records.ts";
import { hasDoubtful, mergeDoubtfulLast, withDerived } from "./doubtful-lines.ts";
import type { CommitIdentity } from "./findings.ts";
import { type RecordedCommit, readRecordedCommits } from "./read-records.ts";
import { findRecordSources, hasSources, type RecordSources } from "./record-sources.ts";

/**
 * All that can be known of commits: what is recorded of them, and for those without a record of their own what records of other
 * commits tell: another tracker's record, which anybody can write, adds to that and stands in for none of it. Where nobody ever recorded anything this is one process, or none if the sources are given.
 */
export async function readKnownCommits(
  repo: Repository,
  commits: readonly CommitIdentity[],
  given?: RecordSources,
): Promise<ReadonlyMap<ObjectId, RecordedCommit>> {
  const sources = given ?? (await findRecordSources(repo));
  const recorded = await readRecordedCommits(repo, commits, { sources });
  if (!hasSources(repo, sources)) return recorded;
  const open = commits
    .map(({ id }) => id)
    .filter((id) => recorded.get(id)?.isOwn !== true || isGuessed(recorded.get(id)));
  const { records, gaps } = await deriveRecords(repo, open, { sources });
  const known = new Map(recorded);
  for (const [id, derived] of records) {
    const commit = recorded.get(id);
    known.set(
      id,
      commit !== undefined && isGuessed(commit) ? correct(commit, derived) : addRecord(commit, derived),
    );
  }
  for (const [id, missing] of gaps) {
    const commit = known.get(id);
    if (commit !== undefined && !records.has(id) && !isGuessed(commit))
      known.set(id, { ...commit, warnings: [...commit.warnings, ...missing] });
  }
  return known;
}

/** A record of the commit's own that calls a line a person's which others' records, not there then, may know to be an AI's. */
function isGuessed(commit: RecordedCommit | undefined): boolean {
  return commit?.isOwn === true && commit.record !== undefined && hasDoubtful(commit.record);
}

function correct(commit: RecordedCommit, derived: AssistanceRecord): RecordedCommit {
  const { record } = commit;
  if (record === undefined || derived.agents.length === 0) return commit;
  return { ...addRecord(commit, derived), record: withDerived(record, derived), warnings: commit.warnings };
}

/** A commit with what one more record says of it: it can add to what is known, and take nothing away. */
export function addRecord(commit: RecordedCommit | undefined, derived: AssistanceRecord): RecordedCommit {
  const hasAi = derived.agents.length > 0;
  const claims = toAssistance(derived);
  const { gaps } = derived.coverage;
  if (commit === undefined)
    return {
      record: derived,
      state: hasAi ? "recorded" : undefined,
      assistance: claims,
      warnings: gaps,
      isOwn: false,
    };
  const isNew = ({ tool, model }: (typeof claims)[number]) =>
    !commit.assistance.some((known) => known.tool === tool && known.model === model);
  return {
    record: commit.record === undefined ? derived : mergeDoubtfulLast(commit.record, derived),
    state: hasAi ? "recorded" : commit.state,
    assistance: [...commit.assistance, ...claims.filter(isNew)],
    warnings: [...commit.warnings, ...gaps],
    isOwn: commit.isOwn,
  };
}
