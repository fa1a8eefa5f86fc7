// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { AssistanceRecord, RecordedFile } from "../assistance-record.ts";
import type { AgentRef } from "../origin.ts";
import { compareText } from "./format-note.ts";
import type { GitAiEntry, GitAiFile, GitAiHuman, GitAiNote, GitAiRange, GitAiSession } from "./note.ts";
import { toHumanKey, toSessionKey, toTraceId } from "./note-keys.ts";
import { findPathObstacle } from "./note-path.ts";
import { toGitAiTool } from "./tool-names.ts";

export interface NoteOptions {
  /** Git's `Name <email>` of the commit's author; null writes no human lines, since the format wants a name for them. */
  readonly author: string | null;
  /** Seed of the trace ids; by default the commit's id. One seed always gives the same note. */
  readonly trace?: string;
}

export interface NoteResult {
  readonly note: GitAiNote;
  /** Files that the format cannot hold, and why; their lines stand in the record alone. */
  readonly omitted: readonly OmittedFile[];
}

export interface OmittedFile {
  readonly path: RepoPath;
  readonly reason: string;
}

/**
 * The note that says of AI and human lines what the record does, for every reader of the Git AI Standard. The format
 * has no place for grades, extents and gaps.
 */
export function noteFromRecord(record: AssistanceRecord, options: NoteOptions): NoteResult {
  const sessions = toSessions(record, options.author);
  const trace = options.trace ?? record.commit;
  const keys = [...sessions.keys()].map((key) => `${key}::${toTraceId(`${trace}:${key}`)}`);
  const human = options.author === null ? null : toHumanKey(options.author);
  const keyOf = (agent: number | null): string | null => (agent === null ? human : (keys[agent] ?? null));
  const { files, omitted } = toFiles(record.files, keyOf);
  const hasHuman = files.some(({ entries }) => entries.some(({ key }) => key === human));
  const humans = new Map<string, GitAiHuman>();
  if (hasHuman && human !== null && options.author !== null) humans.set(human, { author: options.author });
  return {
    note: {
      files,
      metadata: { gitAiVersion: null, baseCommit: record.commit, prompts: new Map(), humans, sessions },
    },
    omitted,
  };
}

/** One for each agent of the record, in its order. A conversation's first model has the key that git-ai would give it. */
function toSessions(record: AssistanceRecord, author: string | null): ReadonlyMap<string, GitAiSession> {
  const sessions = new Map<string, GitAiSession>();
  for (const agent of record.agents) {
    const tool = toGitAiTool(agent.tool);
    // An agent that names no conversation must not become one conversation over all commits.
    const id = agent.session === "" ? record.commit : agent.session;
    const model = agent.model ?? "unknown";
    const session = { agent: { tool, id, model }, humanAuthor: author, customAttributes: null };
    sessions.set(findFreeKey(sessions, agent, tool, id), session);
  }
  return sessions;
}

function findFreeKey(
  sessions: ReadonlyMap<string, GitAiSession>,
  agent: AgentRef,
  tool: string,
  id: string,
): string {
  let key = toSessionKey(tool, id);
  for (let seed = `${id}:${agent.model ?? "unknown"}`; sessions.has(key); seed += ":again")
    key = toSessionKey(tool, seed);
  return key;
}

function toFiles(
  recorded: readonly RecordedFile[],
  keyOf: (agent: number | null) => string | null,
): { readonly files: readonly GitAiFile[]; readonly omitted: readonly OmittedFile[] } {
  const files = new Map<string, GitAiFile>();
  const omitted: OmittedFile[] = [];
  for (const file of recorded) {
    const entries = toEntries(file, keyOf);
    if (entries.length === 0) continue;
    // git-ai compares paths in NFC, whatever the file system gives.
    const path = file.path.normalize("NFC");
    const reason = files.has(path)
      ? "another path differs from its own only in how letters are composed"
      : findPathObstacle(path);
    if (reason === undefined) files.set(path, { path, entries });
    else omitted.push({ path: file.path, reason });
  }
  return { files: [...files.values()].sort((a, b) => compareText(a.path, b.path)), omitted };
}

function toEntries(
  file: RecordedFile,
  keyOf: (agent: number | null) => string | null,
): readonly GitAiEntry[] {
  const ranges = new Map<string, GitAiRange[]>();
  for (const { first, last, agent, evidence } of file.ranges) {
    const key = keyOf(agent);
    // "Known human" is a claim without a grade, so nothing that is only inferred makes one.
    if (key === null || (agent === null && evidence === "inferred")) continue;
    const known = ranges.get(key) ?? [];
    ranges.set(key, known);
    const open = known.at(-1);
    if (open !== undefined && open.last === first - 1) known[known.length - 1] = { first: open.first, last };
    else known.push({ first, last });
  }
  return [...ranges].map(([key, own]) => ({ key, ranges: own })).sort((a, b) => compareText(a.key, b.key));
}
