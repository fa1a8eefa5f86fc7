// SPDX-License-Identifier: Apache-2.0
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { isObjectId, type ObjectId } from "@countersign/core/ids";

/** One move of HEAD. */
export interface HeadMove {
  readonly from: ObjectId;
  readonly to: ObjectId;
  /** Seconds since the epoch, by the clock of the moment. */
  readonly at: number;
  /** What moved it, as Git says: `commit`, `commit (amend)`, `rebase (pick)`, `checkout`, …; empty for plumbing. */
  readonly action: string;
  /** A merge or pull that made no commit, as Git says. */
  readonly isForward: boolean;
  /** Bytes of the log before it: an order that no clock can turn. */
  readonly offset: number;
}

/** So much of the log is looked at; some ten thousand moves. */
const MOST_BYTES = 4 * 1024 * 1024;
const ROW = /^([0-9a-f]+) ([0-9a-f]+) .*> (\d+) [+-]\d{4}(?:\t([^:\n]*)(:.*)?)?$/;
/** Git's own words, in every language; a commit's title may say them too, after the name of another action. */
const FORWARD = /: Fast-forward(?: \(no commit created; -m option ignored\))?$/;

/**
 * Moves of a work tree's HEAD, oldest first, without a process; those of the last bytes of the log only. Empty where no log
 * is kept, or not in a file (reftable): then nothing is known of moves, which is never good news.
 */
export function readHeadLog(gitDir: string, mostBytes: number = MOST_BYTES): readonly HeadMove[] {
  return readTail(logPath(gitDir), mostBytes).moves;
}

export interface MovesSince {
  /** Some that were there before, then the new ones. */
  readonly moves: readonly HeadMove[];
  /** How many of them were there before. */
  readonly known: number;
  /** Bytes of the log now. */
  readonly size: number;
}

/** Moves since the log had this many bytes, with those from before: a move is told by the one that it follows. */
export function readMovesSince(gitDir: string, bytes: number): MovesSince {
  const { moves, size } = readTail(logPath(gitDir), MOST_BYTES);
  // A log that is shorter than it was has been cut from its beginning; nobody can say what is new.
  const known = bytes <= size ? moves.filter(({ offset }) => offset < bytes).length : 0;
  return { moves, known, size };
}

function logPath(gitDir: string): string {
  return join(gitDir, "logs", "HEAD");
}

interface Tail {
  readonly moves: readonly HeadMove[];
  /** Bytes of the file up to the end of its last whole row. */
  readonly size: number;
}

function readTail(path: string, mostBytes: number): Tail {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, mostBytes));
      const length = readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return parseTail(bytes.toString("latin1", 0, length), size - length);
    } finally {
      closeSync(file);
    }
  } catch {
    return { moves: [], size: 0 };
  }
}

/** A last row without its end is being written; the first one of a tail is cut off somewhere. */
function parseTail(text: string, start: number): Tail {
  const rows = text.split("\n");
  rows.pop();
  let offset = start;
  const moves = rows.flatMap((row, index) => {
    const at = offset;
    offset += row.length + 1;
    return index === 0 && at > 0 ? [] : parseRow(row, at);
  });
  return { moves, size: offset };
}

function parseRow(row: string, offset: number): readonly HeadMove[] {
  const [, from = "", to = "", at = "", action = "", rest = ""] = ROW.exec(row) ?? [];
  if (!isObjectId(from) || !isObjectId(to)) return [];
  const isForward = /^(?:merge|pull)\b/.test(action) && FORWARD.test(rest);
  return [{ from, to, at: Number(at), action, isForward, offset }];
}

/** A commit made in this work tree from what lay in it, as opposed to one that Git made from another. */
export function isOwnCommit({ action }: Pick<HeadMove, "action">): boolean {
  return /^commit(?: \((?:initial|amend|merge)\))?$/.test(action);
}

/** The same where the whole content is the work tree's: a merge holds others' too. */
export function isPlainCommit({ action }: Pick<HeadMove, "action">): boolean {
  return /^commit(?: \((?:amend|initial)\))?$/.test(action);
}

/** Replaces the commit at which HEAD was. */
export function isAmend({ action }: Pick<HeadMove, "action">): boolean {
  return action === "commit (amend)";
}
