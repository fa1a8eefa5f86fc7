// SPDX-License-Identifier: Apache-2.0
import {
  type ForeignRecord,
  parseAgentblameNote,
  parseGitAiNote,
  parseWhogititNote,
  recordFromNote,
} from "@countersign/core/attribution";
import { CoreError, type ObjectId, toRawText } from "@countersign/core/ids";
import type { Warning } from "@countersign/core/trailers";
import { type Repository, readObjects } from "@countersign/git";
import type { CommitIdentity, ForeignFindings } from "./findings.ts";
import { startGroups } from "./group-by.ts";
import { keepRanges } from "./keep-ranges.ts";
import { listAsked } from "./record-listings.ts";
import type { NoteTracker, RecordSources } from "./record-sources.ts";

type ParseNote = (text: string, commit: CommitIdentity) => ForeignRecord | undefined;

const PARSERS: Readonly<Record<NoteTracker, ParseNote>> = {
  "git-ai": parseGitAi,
  agentblame: parseAgentblameNote,
  whogitit: parseWhogititNote,
};

function parseGitAi(text: string, commit: CommitIdentity): ForeignRecord | undefined {
  try {
    return recordFromNote(parseGitAiNote(text), { commit: commit.id });
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}

/** whogitit's own limit is 4 MiB; git-ai's notes server takes 8. */
const MOST_BYTES = 16 * 1024 * 1024;

interface Place {
  readonly commit: CommitIdentity;
  readonly tracker: NoteTracker;
}

/** Notes of other trackers on the commits: one process for each notes ref and one for all contents. */
export async function readNotes(
  repo: Repository,
  { notes }: Pick<RecordSources, "notes">,
  commits: ReadonlyMap<ObjectId, CommitIdentity>,
  listings = listAsked(repo),
): Promise<ForeignFindings> {
  const places = startGroups<ObjectId, Place>();
  const records = startGroups<ObjectId, ForeignRecord>();
  const warnings = startGroups<ObjectId, Warning>();
  const listed = await Promise.all(
    notes.map(async ({ tracker, tip }) => ({
      tracker,
      blobs: await listings.notes(tip, [...commits.keys()]),
    })),
  );
  for (const { tracker, blobs } of listed) {
    for (const id of blobs === undefined ? [...commits.keys()].slice(0, 1) : [])
      warnings.add(id, unlisted(tracker));
    for (const [id, own] of blobs ?? []) {
      const commit = commits.get(id);
      if (commit !== undefined) for (const blob of own) places.add(blob, { commit, tracker });
    }
  }
  for await (const object of readObjects(repo, [...places.map.keys()], { maxBytes: MOST_BYTES })) {
    for (const { commit, tracker } of places.map.get(object.id) ?? []) {
      const text = object.status === "read" ? toRawText(object.bytes) : undefined;
      const record = text === undefined ? undefined : PARSERS[tracker](text, commit);
      if (record === undefined) warnings.add(commit.id, unreadable(tracker));
      else records.add(commit.id, ...splitOrigins(record));
    }
  }
  return { records: records.map, warnings: warnings.map };
}

/**
 * Anybody can write a note, so a person's lines are a guess in it: where a record knows better, they are an AI's. They make a record of their
 * own, since a grade is a record's and theirs must not be that of the AI's lines beside them.
 */
function splitOrigins(record: ForeignRecord): readonly ForeignRecord[] {
  const { files } = record;
  const human = keepRanges(files, ({ origin }) => origin === "human").map(({ path, ranges }) => ({
    path,
    ranges: ranges.map((range) => ({ ...range, evidence: "inferred" as const })),
  }));
  if (human.length === 0) return [record];
  return [
    { ...record, agents: [], files: human, losses: [] },
    { ...record, files: keepRanges(files, ({ origin }) => origin === "ai") },
  ];
}

function unlisted(tracker: NoteTracker): Warning {
  return { code: "notes-unreadable", message: `The ref of ${tracker}'s notes holds none that can be read.` };
}

/** An unreadable note may have named AI; nobody can know, so it is said and proves nothing. */
function unreadable(tracker: NoteTracker): Warning {
  return { code: "note-unreadable", message: `The ${tracker} note of this commit cannot be read.` };
}
