// SPDX-License-Identifier: Apache-2.0

import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type AssistanceRecord, formatAssistanceRecord } from "@countersign/core/attribution";
import { addRecords, type Repository, writeNotes } from "@countersign/git";
import { compact } from "../capture/compact.ts";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import { makeReady } from "../capture/make-ready.ts";
import { readWorkingState } from "../capture/read-working-state.ts";
import { recorderFolder } from "../capture/recorder-folder.ts";
import { type Active, readActive, writeActive } from "./active.ts";
import { addDerived, isKnown } from "./add-derived.ts";
import { dropGuesses } from "./drop-guesses.ts";
import { findCommittedAsIs } from "./find-committed-as-is.ts";
import { findMadeCommits } from "./find-made-commits.ts";
import { releaseFlushLock, takeFlushLock } from "./flush-lock.ts";
import { type FlushMark, measure, readFlushMark, writeFlushMark } from "./flush-mark.ts";
import { formatNote } from "./format-note.ts";
import { isHookDue } from "./is-hook-due.ts";
import { isTooEarly } from "./is-too-early.ts";
import { isToldWhole, type OpenRebase, readOpenRebase } from "./open-rebase.ts";
import { dropPreparedRecord } from "./prepared-commit.ts";
import { endsBrought, type ReadPresence, readPresence } from "./presence.ts";
import { type HeadMove, type MovesSince, readMovesSince } from "./read-head-log.ts";
import { type RecordedMade, recordMade } from "./record-made.ts";

/** What a flush did. */
export interface Flush {
  /** Records that were not there before. */
  readonly records: number;
  readonly notes: number;
}

const NOTHING: Flush = { records: 0, notes: 0 };
/** Where nothing was ever flushed: so many of the latest moves of HEAD are looked at. */
const MOST_FIRST = 500;

export interface FlushOptions {
  /** Milliseconds that a flush of another process is waited for, such as the one that a commit has left behind. */
  readonly patience?: number;
  /** Git may be at work at this moment: a commit that its hook has not named yet is left to a later flush. */
  readonly isBehindGit?: boolean;
}

/** Longer than a flush of many commits takes. */
const PATIENCE_MS = 15_000;
const POLL_MS = 15;
/** Rounds for commits that were made during the one before. */
const MOST_ROUNDS = 8;
/** Hooks come some milliseconds apart, and reading takes less than one. */
const MOST_ATTEMPTS = 20;
/** Longer than Git takes from writing HEAD's log to starting the hook, on a busy machine; nobody waits so long. */
const HOOK_DELAY_MS = 10_000;
/** Somebody waits: what Git does in between on most days, such as looking whether it should tidy up. */
const HOOK_GRACE_MS = 1000;

/**
 * Makes what the hooks wrote down, and what HEAD's log shows, into records and notes: for every commit that was made in this
 * work tree since the last time, what is known of its lines and how far the recorder was there. Every reader of the local
 * repository calls this first. Costs two calls of stat(2) where nothing happened; never throws for what it finds.
 */
export async function flushPresence(
  repo: Repository,
  { patience = PATIENCE_MS, isBehindGit = false }: FlushOptions = {},
): Promise<Flush> {
  const { gitDir, workTree } = repo;
  if (workTree === undefined || !existsSync(recorderFolder(gitDir).root)) return NOTHING;
  const began = Date.now();
  const done = { ...NOTHING };
  // Looked at again after each round, and after the lock is given back: whoever found it taken has left the work to us.
  for (let round = 0; round < MOST_ROUNDS; ) {
    const mark = readFlushMark(gitDir);
    if (isUpToDate(mark, measure(gitDir))) break;
    const lock = takeFlushLock(gitDir);
    if (lock === "impossible") break;
    if (lock === "busy") {
      if (Date.now() - began >= patience) break;
      await setTimeout(POLL_MS);
      continue;
    }
    const found = measure(gitDir);
    const flushed = await flushLocked(repo, { gitDir, workTree, isBehindGit });
    if (flushed === "hook-due") {
      if (isBehindGit || Date.now() - began >= 2 * HOOK_GRACE_MS) break;
      await setTimeout(POLL_MS);
      continue;
    }
    round += 1;
    done.records += flushed.records;
    done.notes += flushed.notes;
    // Nothing could be done yet, and nobody has said more meanwhile.
    if (isSameMark(mark, readFlushMark(gitDir)) && isSameMark(found, measure(gitDir))) break;
  }
  return done;
}

function isUpToDate(mark: FlushMark | undefined, now: FlushMark): boolean {
  return mark !== undefined && isSameMark(mark, now);
}

function isSameMark(a: FlushMark | undefined, b: FlushMark | undefined): boolean {
  return a?.presence === b?.presence && a?.headLog === b?.headLog;
}

interface FlushPlace extends WorkTreePlace {
  readonly isBehindGit: boolean;
}

/** The mark is read under the lock: another process may have moved it since it was looked at. */
async function flushLocked(repo: Repository, place: FlushPlace): Promise<Flush | "hook-due"> {
  try {
    makeReady(recorderFolder(place.gitDir));
    const mark = readFlushMark(place.gitDir);
    if (isUpToDate(mark, measure(place.gitDir))) return NOTHING;
    return await flush(repo, place, mark ?? { presence: 0, headLog: 0 }, mark === undefined);
  } finally {
    releaseFlushLock(place.gitDir);
  }
}

async function flush(
  repo: Repository,
  place: FlushPlace,
  mark: FlushMark,
  isFirst: boolean,
): Promise<Flush | "hook-due"> {
  const { gitDir } = place;
  const began = Math.ceil(Date.now() / 1000);
  const active = readActive(gitDir);
  const moment = readAtOneMoment(gitDir, mark);
  if (moment === undefined) return NOTHING;
  const { presence, rebase } = moment;
  const { moves, known, size } = moment.log;
  const skipped = isFirst ? Math.max(countBefore(moves, active), moves.length - MOST_FIRST) : known;
  const isRebasing = rebase !== undefined && !isToldWhole(rebase, presence.lines);
  const wasBrought = mark.isBrought === true;
  const made = findMadeCommits({ lines: presence.lines, wasBrought }, moves, skipped);
  const state = await readWorkingState(place);
  if (isTooEarly(made, state, { now: began, isRebasing })) return NOTHING;
  if (isHookDue(gitDir, made, place.isBehindGit ? HOOK_DELAY_MS : HOOK_GRACE_MS)) return "hook-due";
  const { commits: seen, unseen, replaced } = await recordMade(repo, { made, state, active });
  const commits = await dropGuesses(repo, seen);
  // What is known goes first: it may lend to those of which nothing is. A note stands as it was first written, so it comes last.
  const first = await writeRecords(repo, commits.filter(isKnown));
  const whole = await addDerived(repo, commits);
  const records = first + (await writeRecords(repo, whole));
  const notes = await writeNotesOf(repo, whole);
  if (made.length > 0) {
    const { isCommitted, isClean } = await findCommittedAsIs(repo, place, state);
    await compact(place, () => [], { isCommitted, keepGapsFrom: isClean ? began : 0, replaced });
  }
  if (active !== undefined) writeActive(gitDir, { ...active, dirty: unseen });
  // Somebody may look while the message of a squash is being written: what the hook said of it holds until the commit is there.
  const isBrought = endsBrought(presence.lines, wasBrought);
  writeFlushMark(gitDir, { presence: presence.end, headLog: size, isBrought });
  for (const { key } of made) if (key !== null) dropPreparedRecord(gitDir, key);
  return { records, notes };
}

interface SeenMoment {
  readonly presence: ReadPresence;
  readonly log: MovesSince;
  readonly rebase: OpenRebase | undefined;
}

/**
 * What the hooks wrote, HEAD's log and an open rebase, as they stood together: read again where the hooks wrote something meanwhile.
 * A rebase that is over by then has had all its hooks, so nothing of what it said is missing. Undefined while there is no end of it.
 */
function readAtOneMoment(gitDir: string, mark: FlushMark): SeenMoment | undefined {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const presence = readPresence(gitDir, mark.presence);
    const log = readMovesSince(gitDir, mark.headLog);
    const rebase = readOpenRebase(gitDir);
    if (readPresence(gitDir, mark.presence).end === presence.end) return { presence, log, rebase };
  }
  return undefined;
}

/** Moves from before the recorder came. Without its mark, only what the hooks name is looked at. */
function countBefore(moves: readonly HeadMove[], active: Active | undefined): number {
  if (active === undefined) return moves.length;
  return moves.filter(({ offset }) => offset < active.headLog).length;
}

async function writeRecords(repo: Repository, recorded: readonly RecordedMade[]): Promise<number> {
  const records = recorded.flatMap(({ record }) => encode(record));
  return records.length === 0 ? 0 : (await addRecords(repo, records)).added;
}

async function writeNotesOf(repo: Repository, recorded: readonly RecordedMade[]): Promise<number> {
  const notes = recorded.flatMap(({ record, author, session }) => {
    const text = formatNote(record, author, session);
    return text === undefined ? [] : [{ annotated: record.commit, bytes: Buffer.from(text, "utf8") }];
  });
  return notes.length === 0 ? 0 : (await writeNotes(repo, notes)).written.length;
}

/** A record that breaks a limit loses its files rather than be lost, and says so. */
function encode(record: AssistanceRecord): readonly { commit: string; bytes: Uint8Array }[] {
  try {
    return [{ commit: record.commit, bytes: formatAssistanceRecord(record) }];
  } catch (error) {
    const message = `what is known of its lines could not be kept: ${error instanceof Error ? error.message : String(error)}`;
    const gaps = [...record.coverage.gaps.slice(0, 8), { code: "record-too-large", message }];
    const bare = { ...record, files: [], coverage: { ...record.coverage, isWhole: false, gaps } };
    try {
      return [{ commit: record.commit, bytes: formatAssistanceRecord(bare) }];
    } catch {
      return [];
    }
  }
}
