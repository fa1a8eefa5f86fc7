// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord, RecordedFile } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type ParentedChange, type Repository, readParentedChanges } from "@countersign/git";
import { isDoubtful } from "../records/doubtful-lines.ts";
import { readTargets } from "./read-targets.ts";
import type { TargetFile } from "./target-file.ts";

/** Lines that a commit added to one text file against every parent, and whose they are as far as a record says. */
export interface CountedFile {
  readonly path: RepoPath;
  readonly added: number;
  readonly ai: number;
  readonly human: number;
  /** Of the human ones those that are only guessed to be so; absent for none. */
  readonly guessed?: number;
  /** AI lines of each agent, by its place in the record's list; absent where there are none. */
  readonly byAgent?: ReadonlyMap<number, number>;
}

/**
 * Counts the lines that commits added. A record counts only for lines that were added: what it says of others is no part of the change.
 * Two processes, whatever the number of commits. Files whose content is not here count no line; `readKnownCommits` says so.
 */
export async function countAddedLines(
  repo: Repository,
  commits: readonly ObjectId[],
  records: ReadonlyMap<ObjectId, AssistanceRecord>,
): Promise<ReadonlyMap<ObjectId, readonly CountedFile[]>> {
  const changes = new Map<ObjectId, readonly ParentedChange[]>(commits.map((id) => [id, []]));
  for await (const { id, changes: own } of readParentedChanges(repo, commits)) changes.set(id, own);
  const counted = new Map<ObjectId, readonly CountedFile[]>();
  for await (const { id, files } of readTargets(repo, changes)) {
    const recorded = new Map(records.get(id)?.files.map((file) => [file.path, file]));
    counted.set(
      id,
      files.map((file) => countFile(file, recorded.get(file.path))).filter(({ added }) => added > 0),
    );
  }
  return counted;
}

function countFile({ path, isAdded, lines }: TargetFile, recorded: RecordedFile | undefined): CountedFile {
  const counts = { ai: 0, human: 0 };
  let guessed = 0;
  const byAgent = new Map<number, number>();
  for (const { first, last, origin, agent, evidence } of recorded?.ranges ?? []) {
    let own = 0;
    for (let line = first; line <= Math.min(last, lines.length); line++) if (isAdded[line - 1] === 1) own++;
    counts[origin] += own;
    if (isDoubtful({ origin, evidence })) guessed += own;
    if (agent !== null && own > 0) byAgent.set(agent, (byAgent.get(agent) ?? 0) + own);
  }
  const added = isAdded.reduce((sum, one) => sum + one, 0);
  const rest = { ...(guessed === 0 ? {} : { guessed }), ...(byAgent.size === 0 ? {} : { byAgent }) };
  return { path, added, ...counts, ...rest };
}
