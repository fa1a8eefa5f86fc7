// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  acceptForeignRecord,
  type ForeignRecord,
  mergeRecords,
  type RecordedRange,
  recordedState,
  TRACKER_CONVENTIONS,
  toAssistance,
} from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import type { Assistance, Warning } from "@countersign/core/trailers";
import { type CommitRecord, parseCommit, type Repository, readObjects } from "@countersign/git";
import { checkForeign } from "./check-foreign.ts";
import type { CommitIdentity } from "./findings.ts";
import { startGroups } from "./group-by.ts";
import { readEntire } from "./read-entire.ts";
import { readNotes } from "./read-notes.ts";
import { readOwnRecords } from "./read-own-records.ts";
import { readTraceFiles } from "./read-trace-files.ts";
import type { RecordListings } from "./record-listings.ts";
import { findRecordSources, type RecordSources } from "./record-sources.ts";

/** All that recorders, ours and others, know of one commit. */
export interface RecordedCommit {
  /** United, ours first; undefined where there are only warnings. */
  readonly record: AssistanceRecord | undefined;
  /** `recorded` where any record names AI; `cleared` only where ours saw the whole change and no record names any. */
  readonly state: "recorded" | "cleared" | undefined;
  /** Claims of ours with the convention `recorded`, of others with their tracker's. */
  readonly assistance: readonly Assistance[];
  /** Records that are void or damaged, lines that could not stand, and gaps in what a recorder saw. */
  readonly warnings: readonly Warning[];
  /** One of our own records is among them, observed or derived. */
  readonly isOwn: boolean;
}

export interface ReadRecordsOptions {
  readonly sources?: RecordSources;
  /** False where only the commit as a whole matters: others' records are then not held against its content. */
  readonly areLinesNeeded?: boolean;
  readonly listings?: RecordListings;
}

/** What is recorded of the given commits; those of which nothing is are left out. Some dozen processes, whatever their number. */
export async function readRecordedCommits(
  repo: Repository,
  identities: readonly CommitIdentity[],
  { sources, areLinesNeeded = true, listings }: ReadRecordsOptions = {},
): Promise<ReadonlyMap<ObjectId, RecordedCommit>> {
  const commits = new Map(identities.map((commit) => [commit.id, commit]));
  if (commits.size === 0) return new Map();
  const from = sources ?? (await findRecordSources(repo));
  const [own, notes, traces, entire] = await Promise.all([
    readOwnRecords(repo, from.own, commits, listings),
    readNotes(repo, from, commits, listings),
    readTraceFiles(repo, from.agentdiff, commits),
    readEntire(repo, from.entire, commits),
  ]);
  const foreign = startGroups<ObjectId, ForeignRecord>();
  for (const found of [notes.records, traces, entire]) {
    for (const [id, records] of found) {
      // A record that names nobody says nothing: an emptied note must not read as a commit without AI.
      const speaking = records.filter((record) => record.agents.length + record.files.length > 0);
      if (speaking.length > 0) foreign.add(id, ...speaking);
    }
  }
  const checked = areLinesNeeded
    ? await checkForeign(repo, foreign.map, commits)
    : acceptAll(foreign.map, commits);
  const recorded = new Map<ObjectId, RecordedCommit>();
  for (const id of commits.keys()) {
    const warnings = [...(own.warnings.get(id) ?? []), ...(notes.warnings.get(id) ?? [])];
    const commit = unite(own.records.get(id) ?? [], checked.get(id) ?? [], warnings);
    if (commit !== undefined) recorded.set(id, commit);
  }
  return recorded;
}

function acceptAll(
  foreign: ReadonlyMap<ObjectId, readonly ForeignRecord[]>,
  commits: ReadonlyMap<ObjectId, CommitIdentity>,
): ReadonlyMap<ObjectId, readonly AssistanceRecord[]> {
  return new Map(
    [...foreign].map(([id, records]) => {
      const commit = commits.get(id);
      return [id, commit === undefined ? [] : records.map((record) => acceptForeignRecord(record, commit))];
    }),
  );
}

function unite(
  own: readonly AssistanceRecord[],
  foreign: readonly AssistanceRecord[],
  warnings: readonly Warning[],
): RecordedCommit | undefined {
  if (own.length + foreign.length + warnings.length === 0) return undefined;
  const ours = own.length === 0 ? undefined : mergeRecords(own);
  const claims = ours === undefined ? [] : toAssistance(ours);
  const others = foreign.filter((record) => ours === undefined || !isRepeated(record, claims));
  const lending = foreign.filter((record) => others.includes(record) || (ours && hasMoreLines(record, ours)));
  const record = own.length + lending.length === 0 ? undefined : mergeRecords([...own, ...lending]);
  const gaps = [...own, ...foreign].flatMap((each) => each.coverage.gaps);
  return {
    record,
    state: toState(ours, foreign),
    assistance: [...claims, ...others.flatMap(toForeignAssistance)],
    warnings: [...warnings, ...uniqueByText(gaps)],
    isOwn: own.length > 0,
  };
}

function toState(
  ours: AssistanceRecord | undefined,
  foreign: readonly AssistanceRecord[],
): RecordedCommit["state"] {
  const state = ours === undefined ? undefined : recordedState(ours);
  if (state === "recorded" || foreign.some((record) => record.agents.length > 0)) return "recorded";
  return state === "cleared" ? "cleared" : undefined;
}

/** Our own recorder writes a note in Git AI's format beside its record; what it says is known. */
function isRepeated(record: AssistanceRecord, claims: readonly Assistance[]): boolean {
  return toAssistance(record).every((claim) =>
    claims.some(({ tool, model }) => tool === claim.tool && model === claim.model),
  );
}

/** Whether it proves lines to be an AI's of which ours says nothing: the same agent, where our recorder had a gap. */
function hasMoreLines(record: AssistanceRecord, ours: AssistanceRecord): boolean {
  return record.files.some(({ path, ranges }) => {
    const proved = ranges.filter(({ origin, evidence }) => origin === "ai" && evidence === "derived");
    if (proved.length === 0) return false;
    const known = ours.files.find((file) => file.path === path)?.ranges ?? [];
    return proved.some((range) => countCovered(known, range) < range.last - range.first + 1);
  });
}

function countCovered(known: readonly RecordedRange[], { first, last }: RecordedRange): number {
  return known.reduce(
    (sum, range) => sum + Math.max(0, Math.min(range.last, last) - Math.max(range.first, first) + 1),
    0,
  );
}

function toForeignAssistance(record: AssistanceRecord): readonly Assistance[] {
  const convention = TRACKER_CONVENTIONS.get(record.recorder.name) ?? "recorded";
  return toAssistance(record).map((claim) => ({ ...claim, convention }));
}

function uniqueByText(warnings: readonly Warning[]): readonly Warning[] {
  return [...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values()];
}

/** The united record of each commit that has one; ids that are no commits here are left out. */
export async function readRecords(
  repo: Repository,
  commits: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, AssistanceRecord>> {
  const recorded = await readRecordedCommits(repo, await readIdentities(repo, commits));
  return new Map(
    [...recorded].flatMap(([id, { record }]) => (record === undefined ? [] : [[id, record] as const])),
  );
}

const LARGEST_COMMIT = 16 * 1024 * 1024;

/** The commits that are here; the others are left out. */
export async function readIdentities(
  repo: Repository,
  commits: readonly ObjectId[],
): Promise<readonly CommitRecord[]> {
  const identities: CommitRecord[] = [];
  for await (const object of readObjects(repo, [...new Set(commits)], { maxBytes: LARGEST_COMMIT }))
    if (object.status === "read" && object.type === "commit")
      identities.push(parseCommit(object.id, Buffer.from(object.bytes)));
  return identities;
}
