// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, attributeAll, isSignificant } from "@countersign/core/attribution";
import { isNullObjectId, type ObjectId } from "@countersign/core/ids";
import { type HeadMove, isPlainCommit } from "../commit/read-head-log.ts";
import { spread } from "./find-proposed.ts";
import type { Fold } from "./fold-state.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { headCommit } from "./read-head.ts";
import type { PathState } from "./working-state.ts";

/**
 * Commits whose text Git itself may have put into the work tree between two looks: another HEAD, the other side of a merge
 * or a pick, a stash. Nobody typed it and no command wrote it; whose it is their own records tell.
 */
export function foreignCommits(
  fold: Fold,
  entry: JournalEntry,
  since: { readonly head: string; readonly others: readonly ObjectId[]; readonly call?: JournalEntry },
): readonly ObjectId[] {
  const head = headCommit(entry.head);
  const isMoved =
    head !== undefined && head !== headCommit(since.head) && !isOwnCommit(fold, head, since.call);
  const left = since.call === undefined ? [] : findLeftDuring(fold.contents.headMoves(), since.call, entry);
  return [...new Set([...(isMoved ? [head] : []), ...(entry.others ?? []), ...since.others, ...left])];
}

/** The same since a file was seen last, outside any call; none for one that was never seen. */
export function foreignSince(
  fold: Fold,
  entry: JournalEntry,
  state: Pick<PathState, "head"> | undefined,
): readonly ObjectId[] {
  return state === undefined ? [] : foreignCommits(fold, entry, { head: state.head, others: [] });
}

/** Of a command that goes through more commits than this, only so many are looked at. */
const MOST_LEFT = 32;

/**
 * Commits that a command has left, or gone through, before it made one itself: their text may lie in the work tree still, as after
 * `git reset --soft`, and it was there before the command.
 */
export function findLeftDuring(
  moves: readonly HeadMove[],
  call: Pick<JournalEntry, "log">,
  entry: Pick<JournalEntry, "log">,
): readonly ObjectId[] {
  const [start, end] = [call.log ?? Number.POSITIVE_INFINITY, entry.log ?? Number.POSITIVE_INFINITY];
  const during = moves.filter(({ offset }) => offset >= start && offset < end);
  if (during.every(isPlainCommit)) return [];
  const first = during.findIndex(isPlainCommit);
  const before = first < 0 ? during : during.slice(0, first);
  const sides = [during[0]?.from ?? [], ...before.map(({ to }) => to)].flat();
  return [...new Set(sides)].filter((id) => !isNullObjectId(id)).slice(0, MOST_LEFT);
}

/** Made by a plain `git commit` while the command ran: what is in it is the command's. A merge or a pick brings others' text. */
function isOwnCommit(fold: Fold, commit: ObjectId, call: JournalEntry | undefined): boolean {
  if (call === undefined) return false;
  const moves = fold.contents.headMoves().filter(({ offset }) => offset >= (call.log ?? 0));
  return moves.some((move) => move.to === commit && isPlainCommit(move));
}

/** The file as these commits have it; whose it is there, nobody knows here. */
export function foreignTexts(
  fold: Fold,
  path: string,
  commits: readonly ObjectId[],
): readonly AttributedText[] {
  const blobs = new Set(commits.map((commit) => fold.contents.blobAt(commit, path)));
  return [...blobs].flatMap((blob) => {
    const text = typeof blob === "string" ? fold.contents.blob(blob) : undefined;
    return text === undefined ? [] : [attributeAll(text)];
  });
}

/** Which of some lines stand in the file as these commits have it; trivial ones only beside such a line. */
export function findForeign(
  fold: Fold,
  path: string,
  lines: readonly string[],
  fresh: readonly number[],
  commits: readonly ObjectId[],
): ReadonlySet<number> {
  if (fresh.length === 0) return new Set();
  const known = new Set(
    foreignTexts(fold, path, commits).flatMap((text) => text.lines.map((line) => line.trim())),
  );
  if (known.size === 0) return new Set();
  const isKnown = (index: number): boolean => known.has((lines[index] as string).trim());
  const found = new Set(fresh.filter((index) => isSignificant(lines[index] as string) && isKnown(index)));
  if (found.size === 0) return found;
  const others = fresh.filter((index) => !isSignificant(lines[index] as string) && isKnown(index));
  return spread(new Set([...found, ...fresh.filter((index) => MARKER.test(lines[index] as string))]), others);
}

/** What Git writes around the sides of a conflict. */
const MARKER = /^(?:<{7}|\|{7}|={7}|>{7})(?: |\r?\n|$)/;
