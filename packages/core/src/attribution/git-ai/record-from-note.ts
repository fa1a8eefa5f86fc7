// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "../../ids/index.ts";
import type { CoverageGap } from "../assistance-record.ts";
import {
  type ForeignFile,
  type ForeignRange,
  type ForeignRecord,
  HIGHEST_LINE,
  isForeignPath,
  MOST_RANGES,
} from "../foreign/foreign-record.ts";
import { layRanges } from "../foreign/lay-ranges.ts";
import type { AgentRef } from "../origin.ts";
import type { GitAiEntry, GitAiNote, GitAiSession } from "./note.ts";
import { fromGitAiTool } from "./tool-names.ts";

export interface NoteSubject {
  /** The commit that the note is attached to. */
  readonly commit: ObjectId;
  /** Lines of a file in that commit, undefined where it is not known; ranges are cut off there. */
  readonly countLines?: (path: string) => number | undefined;
}

/**
 * What a note says of its commit, with hostile numbers cut down. A key without a record says nothing: neither AI nor
 * human, and it is reported. A note that was made for another commit and copied is only `inferred` here, since nothing
 * tells that its line numbers are this commit's. Paths are in NFC.
 */
export function recordFromNote(note: GitAiNote, subject: NoteSubject): ForeignRecord {
  const evidence = note.metadata.baseCommit === subject.commit ? "derived" : "inferred";
  const { agents, places } = toAgents([...note.metadata.sessions, ...note.metadata.prompts]);
  const losses: Losses = { unknownKeys: new Set(), malformed: 0, read: 0, skipped: 0 };
  const files = note.files.flatMap(({ path, entries }): readonly ForeignFile[] => {
    const most = Math.min(subject.countLines?.(path) ?? HIGHEST_LINE, HIGHEST_LINE);
    const ranges = entries.flatMap((entry) =>
      isForeignPath(path) ? toRanges(note, entry, places, most, losses) : countMalformed(entry, losses),
    );
    return ranges.length === 0
      ? []
      : [
          {
            path,
            ranges: layRanges(
              ranges.map((range) => ({ ...range, evidence }) as const),
              () => 0,
            ),
          },
        ];
  });
  return {
    tracker: "git-ai",
    version: "3.0.0",
    agents,
    files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    losses: toGaps(losses),
  };
}

interface Losses {
  readonly unknownKeys: Set<string>;
  malformed: number;
  read: number;
  skipped: number;
}

/** The placeholder that git-ai's generic hook uses for a person. */
function isHumanStandIn({ agent }: GitAiSession): boolean {
  return agent.tool === "human";
}

/** A hostile note must not make every line cost a search among a million. */
const MOST_AGENTS = 1000;

interface NoteAgents {
  readonly agents: readonly AgentRef[];
  /** By key of session or prompt. */
  readonly places: ReadonlyMap<string, number>;
}

function toAgents(records: readonly (readonly [key: string, session: GitAiSession])[]): NoteAgents {
  const agents: AgentRef[] = [];
  const places = new Map<string, number>();
  const known = new Map<string, number>();
  for (const [key, session] of records) {
    if (isHumanStandIn(session)) continue;
    const agent = toAgent(session);
    const name = JSON.stringify(agent);
    const place = known.get(name) ?? (agents.length < MOST_AGENTS ? agents.push(agent) - 1 : MOST_AGENTS - 1);
    known.set(name, place);
    places.set(key, place);
  }
  return { agents, places };
}

function toAgent({ agent }: GitAiSession): AgentRef {
  const isNamed = agent.model !== "" && agent.model.toLowerCase() !== "unknown";
  return { tool: fromGitAiTool(agent.tool), session: agent.id, model: isNamed ? agent.model : null };
}

type BareRange = Omit<ForeignRange, "evidence">;

function toRanges(
  note: GitAiNote,
  { key, ranges }: GitAiEntry,
  places: ReadonlyMap<string, number>,
  most: number,
  losses: Losses,
): readonly BareRange[] {
  const who = findWriter(note, key, places);
  if (who === undefined) {
    losses.unknownKeys.add(key);
    return [];
  }
  return ranges.flatMap(({ first, last }) => {
    if (first < 1 || last < first || first > most) {
      losses.malformed++;
      return [];
    }
    if (losses.read >= MOST_RANGES) {
      losses.skipped++;
      return [];
    }
    losses.read++;
    return [{ ...who, first, last: Math.min(last, most), proofs: [] }];
  });
}

type Writer = Pick<BareRange, "origin" | "agent" | "extent">;

/** By the key's prefix, as git-ai does; the extent is what the format assumes, since it has no word for edited lines. */
function findWriter(note: GitAiNote, key: string, places: ReadonlyMap<string, number>): Writer | undefined {
  if (key.startsWith("h_"))
    return note.metadata.humans.has(key) ? { origin: "human", agent: null, extent: null } : undefined;
  const record = key.startsWith("s_") ? (key.split("::", 1)[0] ?? key) : key;
  const isKnown = key.startsWith("s_")
    ? note.metadata.sessions.has(record)
    : note.metadata.prompts.has(record);
  const agent = places.get(record);
  return !isKnown || agent === undefined ? undefined : { origin: "ai", agent, extent: "generated" };
}

function countMalformed(entry: GitAiEntry, losses: Losses): readonly BareRange[] {
  losses.malformed += entry.ranges.length;
  return [];
}

function toGaps({ unknownKeys, malformed, skipped }: Losses): readonly CoverageGap[] {
  const gaps: CoverageGap[] = [];
  if (unknownKeys.size > 0)
    gaps.push({ code: "unknown-key", message: `${unknownKeys.size} key(s) have no record in the note` });
  if (malformed > 0)
    gaps.push({ code: "malformed-lines", message: `${malformed} line range(s) make no sense` });
  if (skipped > 0)
    gaps.push({
      code: "too-many-lines",
      message: `${skipped} line range(s) beyond ${MOST_RANGES} were not read`,
    });
  return gaps;
}
