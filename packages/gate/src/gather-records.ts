// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { type CommitFacts, type CommitLines, LINE_FACTS, type Policy } from "@countersign/core/policy";
import type { CommitRecord, Repository } from "@countersign/git";
import {
  countAddedLines,
  type RecordedCommit,
  type RecordSources,
  readKnownCommits,
} from "@countersign/recorder";
import { NOTHING_STATED, type StatedRecords, withStated } from "./read-stated.ts";

export interface RecordContext {
  readonly repository: Repository;
  readonly policy: Policy;
  readonly recordSources: RecordSources;
  readonly viaSignOff: boolean;
  readonly areLinesCounted?: boolean;
  /** What machines state; left out for nothing. */
  readonly stated?: StatedRecords;
}

/** What recorders know of the commits of one change. */
export interface GatheredRecords {
  readonly known: ReadonlyMap<ObjectId, RecordedCommit>;
  /** Lines by writer; empty for a policy that does not ask. */
  readonly lines: ReadonlyMap<ObjectId, CommitLines>;
}

/**
 * Records of the commits, and of those without one what records of others tell: a squash that a forge made has the AI of the commits
 * that it swallowed, whatever its message says (T02). Lines are counted only where the policy asks, since that reads every blob.
 */
export async function gatherRecords(
  {
    repository,
    policy,
    recordSources,
    viaSignOff,
    areLinesCounted = false,
    stated = NOTHING_STATED,
  }: RecordContext,
  commits: readonly CommitRecord[],
): Promise<GatheredRecords> {
  const known = withStated(await readKnownCommits(repository, commits, recordSources), commits, stated);
  // What a sign-off brings in beside are the same lines again.
  if (viaSignOff || !(areLinesCounted || asksForLines(policy))) return { known, lines: new Map() };
  const records = new Map(
    [...known].flatMap(([id, { record }]) => (record === undefined ? [] : [[id, record] as const])),
  );
  const ids = commits.map((commit) => commit.id);
  const counted = await countAddedLines(repository, ids, records);
  return {
    known,
    lines: new Map(ids.map((id) => [id, { files: counted.get(id) ?? [], ...toWriters(known.get(id)) }])),
  };
}

function toWriters(commit: RecordedCommit | undefined): Omit<CommitLines, "files"> {
  const record = commit?.record;
  const numbers = record?.files.flatMap((file) => file.ranges.flatMap((range) => range.agent ?? [])) ?? [];
  const tools = new Set(numbers.map((number) => record?.agents[number]?.tool ?? "unspecified"));
  return { tools: [...tools].sort(), isSeenWhole: commit?.state === "cleared" };
}

function asksForLines({ rules }: Policy): boolean {
  return rules.some(({ when, effect }) =>
    LINE_FACTS.test(`${when} ${effect.kind === "assert" ? effect.expression : ""}`),
  );
}

/** For facts whose commit has none: exactOptionalPropertyTypes tells an absent field from an undefined one. */
export function withLines(lines: CommitLines | undefined): Pick<CommitFacts, "lines"> {
  return lines === undefined ? {} : { lines };
}
