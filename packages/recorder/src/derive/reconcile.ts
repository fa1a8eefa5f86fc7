// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  type CoverageGap,
  formatAssistanceRecord,
  formatGitAiNote,
  noteFromRecord,
} from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { addRecords, type Repository, writeNotes } from "@countersign/git";
import type { CommitIdentity } from "../records/findings.ts";
import { readRecordedCommits } from "../records/read-records.ts";
import { findRecordSources } from "../records/record-sources.ts";
import { deriveRecords } from "./derive-records.ts";

/** What became of one commit. */
export interface Reconciled {
  readonly commit: ObjectId;
  /** `known`: has a record of its own; `derived`: found again in others'; `open`: nothing was found. */
  readonly outcome: "known" | "derived" | "open";
  readonly record: AssistanceRecord | undefined;
  /** What could not be looked into; such a commit may have more AI lines than anybody can tell here. */
  readonly gaps: readonly CoverageGap[];
}

/** Commits that are looked into at once: enough to share the price of reading records, few enough to show progress. */
export const RECONCILE_BATCH = 500;

/**
 * Finds the lines of commits that have no record of their own in those of others, so that a forge's squash, a missed hook or another machine
 * costs nothing. Nothing is written; `writeReconciled` does.
 */
export async function reconcileCommits(
  repo: Repository,
  commits: readonly CommitIdentity[],
): Promise<readonly Reconciled[]> {
  const sources = await findRecordSources(repo);
  const recorded = await readRecordedCommits(repo, commits, { sources, areLinesNeeded: false });
  const open = commits.map(({ id }) => id).filter((id) => recorded.get(id)?.isOwn !== true);
  const { records, gaps } = await deriveRecords(repo, open, { sources });
  return commits.map(({ id }): Reconciled => {
    const known = recorded.get(id);
    if (known?.isOwn === true) return { commit: id, outcome: "known", record: known.record, gaps: [] };
    const record = records.get(id);
    return {
      commit: id,
      outcome: record === undefined ? "open" : "derived",
      record,
      gaps: gaps.get(id) ?? [],
    };
  });
}

/**
 * Stores what was derived: records beside all others, and a note in Git AI's format where none stands. The same derivation on two machines gives
 * the same bytes, so both may run and their sets unite. Durable once it resolves.
 */
export async function writeReconciled(
  repo: Repository,
  reconciled: readonly Reconciled[],
): Promise<{ readonly records: number; readonly notes: number }> {
  const derived = reconciled.flatMap(({ outcome, record }) =>
    outcome === "derived" && record !== undefined ? [record] : [],
  );
  if (derived.length === 0) return { records: 0, notes: 0 };
  const { added } = await addRecords(
    repo,
    derived.map((record) => ({ commit: record.commit, bytes: formatAssistanceRecord(record) })),
  );
  const assisted = derived.filter((record) => record.agents.length > 0);
  // Who of a squash's authors wrote a human line, nobody can tell any more, so no name is put to one.
  const notes = assisted.map((record) => ({
    annotated: record.commit,
    bytes: Buffer.from(formatGitAiNote(noteFromRecord(record, { author: null }).note)),
  }));
  const { written } = await writeNotes(repo, notes);
  return { records: added, notes: written.length };
}
