// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { findLeft, type LeftRange } from "./find-left.ts";
import type { Presence } from "./presence.ts";
import type { HeadMove } from "./read-head-log.ts";

/** A commit that was made in this work tree. */
export interface MadeCommit {
  readonly commit: ObjectId;
  /** Key of what was prepared for it. */
  readonly key: string | null;
  /** Our hook saw it being made. */
  readonly isSeen: boolean;
  /** Its content came from elsewhere at a person's command: a squash, a merge. */
  readonly isBrought: boolean;
  /** Commits from which Git made it, as far as it has said so yet; itself where it only made it again, within the same second. */
  readonly sources: readonly ObjectId[];
  /** The move of HEAD that made it, and the one before; undefined where no log tells. */
  readonly move: HeadMove | undefined;
  readonly before: HeadMove | undefined;
  readonly left: readonly LeftRange[];
}

/** What the hooks wrote down since the last look. */
export interface ToldByHooks {
  readonly lines: readonly Presence[];
  /** Their last word before was that content is being brought. */
  readonly wasBrought: boolean;
}

/** Actions that go to a commit which was there already. Whatever else moves HEAD, plumbing too, may have made one. */
const GOING = /^(?:checkout|reset|clone|branch|initial|fetch|bisect)|\((?:start|finish|abort)\)$/;

/**
 * Commits that the hooks saw or that HEAD's log shows being made, in the order of the log. A commit of another tool runs no hook
 * and stands in the log all the same; without a log only the hooks tell. Where HEAD has been before, it made nothing.
 */
export function findMadeCommits(
  { lines, wasBrought }: ToldByHooks,
  moves: readonly HeadMove[],
  known: number,
): readonly MadeCommit[] {
  const seen = collectSeen(lines, wasBrought);
  const unnamed = seen.filter(({ commit }) => commit === null);
  // Of two that made the same commit the first did, which comes last here.
  const named = new Map(
    seen.toReversed().flatMap((line) => (line.commit === null ? [] : [[line.commit, line] as const])),
  );
  const sources = collectSources(lines);
  const earlier = new Set(moves.slice(0, known).map(({ to }) => to));
  const sourcesOf = (commit: ObjectId) => sources.get(commit) ?? [];
  // Made for the first time since the last look, it is no repetition, whatever was made of it since.
  const sourcesOfLogged = (commit: ObjectId) =>
    sourcesOf(commit).filter((id) => id !== commit || earlier.has(commit));
  const made: MadeCommit[] = [];
  const been = new Set<ObjectId>();
  for (const [index, move] of moves.entries()) {
    const before = moves[index - 1];
    const line = named.get(move.to);
    const isGoing = line === undefined && (goes(move) || (!isCommit(move) && been.has(move.to)));
    been.add(move.to);
    // Within one second the same commit may be made twice; what there is to say of it is said.
    const isRepeated = line === undefined && made.some(({ commit }) => commit === move.to);
    if (index < known || move.from === move.to || isGoing || isRepeated) continue;
    // The shell could not tell the id: the next commit in the log that it did not name is meant.
    const guessed = line === undefined && isCommit(move) ? unnamed.shift() : undefined;
    const from = line ?? guessed;
    named.delete(move.to);
    made.push({
      commit: move.to,
      key: from?.key ?? null,
      isSeen: from !== undefined,
      isBrought: from?.isBrought ?? false,
      sources: sourcesOfLogged(move.to),
      move,
      before,
      left: findLeft(moves.slice(0, index)),
    });
  }
  const unlogged = [...named.values()].flatMap(({ commit, ...rest }) =>
    commit === null ? [] : [{ commit, ...rest }],
  );
  return [
    ...made,
    ...unlogged.map((line) => ({
      ...line,
      isSeen: true,
      sources: sourcesOf(line.commit),
      move: undefined,
      before: undefined,
      left: [],
    })),
  ];
}

/** A squash has several; Git names them when the whole rebase is done. */
function collectSources(presence: readonly Presence[]): ReadonlyMap<ObjectId, readonly ObjectId[]> {
  const sources = new Map<ObjectId, ObjectId[]>();
  for (const line of presence) {
    if (line.kind !== "rewritten") continue;
    const known = sources.get(line.to);
    if (known === undefined) sources.set(line.to, [line.from]);
    else if (!known.includes(line.from)) known.push(line.from);
  }
  return sources;
}

function goes({ action, isForward }: HeadMove): boolean {
  return isForward || GOING.test(action);
}

function isCommit({ action }: HeadMove): boolean {
  return action.startsWith("commit");
}

interface SeenLine {
  readonly commit: ObjectId | null;
  readonly key: string | null;
  readonly isBrought: boolean;
}

function collectSeen(presence: readonly Presence[], wasBrought: boolean): SeenLine[] {
  const seen: SeenLine[] = [];
  let isBrought = wasBrought;
  for (const line of presence) {
    if (line.kind === "brought") isBrought = true;
    if (line.kind !== "made") continue;
    seen.push({ commit: line.commit, key: line.key, isBrought });
    isBrought = false;
  }
  return seen;
}
