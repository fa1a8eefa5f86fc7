// SPDX-License-Identifier: Apache-2.0
import { lstatSync } from "node:fs";
import type { ObjectId } from "@countersign/core/ids";
import { type Repository, readObjects, resolvePaths } from "@countersign/git";
import { toRepository } from "../commit/hook-repository.ts";
import { type HeadMove, readHeadLog } from "../commit/read-head-log.ts";
import { placeOf } from "../place-of.ts";
import { findMovesBetween, type SeenHead } from "./find-moves-between.ts";
import { findStashPush } from "./find-stash-push.ts";
import type { WorkTreePlace } from "./find-work-tree.ts";
import type { Contents } from "./fold-state.ts";
import { findLeftDuring } from "./foreign-lines.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { headCommit } from "./read-head.ts";
import { MAX_FILE_BYTES } from "./snapshot-store.ts";
import type { WorkingState } from "./working-state.ts";

/** What a fold will ask of Git, found out beforehand so that it takes three processes and not one for each question. */
interface GitQuestions {
  readonly blobs: ReadonlySet<ObjectId>;
  readonly places: readonly { readonly tree: ObjectId; readonly path: string }[];
}

/** More questions than this stay open, and their lines unknown. */
const MOST_PLACES = 5000;

export interface GitTexts extends Omit<Contents, "snapshot"> {
  /** Finds out what folding these entries onto this state will ask. Starts no process where that is nothing. */
  readonly load: (state: WorkingState, entries: readonly JournalEntry[]) => Promise<void>;
}

export function openGitTexts(place: WorkTreePlace, opened?: Repository): GitTexts {
  const blobOf = new Map<string, ObjectId | null>();
  const texts = new Map<ObjectId, string>();
  let moves: readonly HeadMove[] | undefined;
  const headMoves = (): readonly HeadMove[] => {
    moves ??= readHeadLog(place.gitDir);
    return moves;
  };
  const load = async (state: WorkingState, entries: readonly JournalEntry[]): Promise<void> => {
    moves = undefined;
    const { blobs, places } = findQuestions(state, entries, headMoves);
    if (blobs.size === 0 && places.length === 0) return;
    const repository = opened ?? toRepository(place);
    const found = await resolvePaths(repository, places);
    for (const [index, { tree, path }] of places.entries())
      blobOf.set(`${tree}:${path}`, found[index] ?? null);
    const ids = new Set([...blobs, ...found.filter((id) => id !== undefined)]);
    for await (const object of readObjects(repository, [...ids], { maxBytes: MAX_FILE_BYTES }))
      if (object.status === "read") texts.set(object.id, Buffer.from(object.bytes).toString("latin1"));
  };
  return {
    load,
    headMoves,
    blob: (id) => texts.get(id),
    blobAt: (commit, path) => blobOf.get(`${commit}:${path}`),
    isThere: (path) => isThere(place, path),
  };
}

/** Also where that cannot be told. */
function isThere({ workTree }: WorkTreePlace, path: string): boolean {
  try {
    const place = placeOf(workTree, path);
    return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** Blobs that stood where a command changed something, and files as the commits have them that Git may have taken text from. */
function findQuestions(
  state: WorkingState,
  entries: readonly JournalEntry[],
  headMoves: () => readonly HeadMove[],
): GitQuestions {
  const blobs = new Set<ObjectId>();
  const places = new Map<string, { tree: ObjectId; path: string }>();
  const seen = new Map<string, SeenHead>(state.paths);
  const sums = new Map([...state.paths].map(([path, { sum }]) => [path, sum]));
  const calls = new Map(state.open.map((call) => [call.callKey, call]));
  for (const entry of entries) {
    const isEnd = entry.phase === "after" || entry.phase === "failed" || entry.callKey !== "";
    const call = entry.phase === "before" ? undefined : calls.get(entry.callKey);
    const mayBeNamed =
      [...sums.values()].includes(null) || isOutdated([...seen.values()], entry.head, headMoves);
    const left = call?.action === "shell" ? findLeftDuring(headMoves(), call, entry) : [];
    const commits = [
      ...(entry.others ?? []),
      ...(call?.others ?? []),
      ...movedHead(entry, call?.head),
      ...left,
    ];
    for (const { path, sum, headBlob, stagedBlob, stashedBlob } of entry.files) {
      const ended = isEnd ? [headBlob, stagedBlob, stashedBlob] : [];
      for (const blob of ended) if (typeof blob === "string") blobs.add(blob);
      const before = seen.get(path);
      const moved = sums.get(path) === sum ? [] : movedHead(entry, before?.head);
      const moves =
        before === undefined || moved.length === 0 ? [] : findMovesBetween(headMoves(), before, entry.head);
      const isUnpaired = entry.phase === "after" && call === undefined;
      const named = before === undefined && (mayBeNamed || isUnpaired) ? (headCommit(entry.head) ?? []) : [];
      const push =
        before === undefined || sums.get(path) === sum
          ? undefined
          : findStashPush(headMoves(), before, entry);
      const put = push === undefined ? [] : [push.stash, push.base];
      const asked =
        sums.get(path) === sum ? [] : [...commits, ...moved, ...moves.flatMap(toSides), ...put].concat(named);
      for (const tree of asked) if (places.size < MOST_PLACES) places.set(`${tree}:${path}`, { tree, path });
      sums.set(path, sum);
      seen.set(path, entry);
    }
    if (entry.phase === "before") calls.set(entry.callKey, entry);
  }
  return { blobs, places: [...places.values()] };
}

/** Whether Git may have given some known file another name since it was seen. */
function isOutdated(seen: readonly SeenHead[], head: string, headMoves: () => readonly HeadMove[]): boolean {
  const others = new Map(
    seen.filter((one) => one.head !== head).map((one) => [`${one.head} ${one.log}`, one]),
  );
  return [...others.values()].some((one) => findMovesBetween(headMoves(), one, head).length > 0);
}

function movedHead(entry: JournalEntry, before: string | undefined): readonly ObjectId[] {
  const head = headCommit(entry.head);
  return head === undefined || before === undefined || before === entry.head ? [] : [head];
}

function toSides({ from, to }: HeadMove): readonly ObjectId[] {
  return [from, to];
}
