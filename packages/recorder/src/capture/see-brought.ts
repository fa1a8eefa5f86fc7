// SPDX-License-Identifier: Apache-2.0
import { attributeLines, EMPTY_TEXT, splitLines, UNKNOWN } from "@countersign/core/attribution";
import type { HeadMove } from "../commit/read-head-log.ts";
import { findMovesBetween } from "./find-moves-between.ts";
import { findStashPush } from "./find-stash-push.ts";
import { findSources } from "./fold-sources.ts";
import { type Contents, type Fold, hasAi, keep, type Observation } from "./fold-state.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { headCommit } from "./read-head.ts";
import type { ContentSum } from "./snapshot-store.ts";
import type { PathState } from "./working-state.ts";

/** By these Git writes what differs into the work tree. A reset may or may not, and plumbing does not. */
const WRITES = /^(?:checkout|merge|pull|rebase|cherry-pick|revert|am)\b/;

export interface SeenText {
  readonly path: string;
  readonly sum: ContentSum;
  readonly content: string;
}

/**
 * Where Git has written the file on the way to another HEAD since it was seen last, what is typed now is typed over what Git put
 * there: a line of another branch that a person changes is no changed form of what an AI had made of it on this one. Of Git's text
 * only what is known just so is anybody's; whose the rest is, the records of its commits tell. A file that is gone may stand under
 * another name, and goes on there from what Git had put here.
 */
export function seeBrought(fold: Fold, entry: JournalEntry, { path, sum, content }: SeenText): void {
  const state = fold.paths.get(path);
  if (state === undefined) seeNamed(fold, entry, { path, sum, content });
  if (state === undefined || state.sum === sum) return;
  const put = findPutAway(fold.contents, { path, state, entry });
  const brought = put ?? findBrought(fold.contents, { path, state, head: entry.head });
  if (brought === undefined) return;
  const { present } = attributeBrought(fold, { path, sum }, brought.text);
  // When it came, nobody knows: a person may have typed ever since the last look.
  const moment = { ...entry, at: state.at, head: brought.head };
  const isWhole = sum !== null && brought.text === content;
  keep(fold, moment, { path, sum: isWhole ? sum : `blob ${brought.blob}`, present });
  const { formerly: _, ...kept } = fold.paths.get(path) as PathState;
  // A stash that was applied is there still, and what it brought back may be what was changed.
  const isDoubtful = put !== undefined || state.isDoubtful === true;
  fold.paths.set(path, isDoubtful ? { ...kept, isDoubtful } : kept);
}

/**
 * The same for a name that Git gave a file on that way: it goes on from Git's text, whatever that file held when it was seen under another
 * name. Who changed it since, and since when, nobody knows.
 */
function seeNamed(fold: Fold, entry: JournalEntry, { path, sum, content }: SeenText): void {
  const head = headCommit(entry.head);
  const blob = head === undefined ? undefined : fold.contents.blobAt(head, path);
  const text = textOf(fold.contents, blob);
  if (sum === null || typeof blob !== "string" || text === undefined) return;
  const { present, lineage } = attributeBrought(fold, { path, sum }, text);
  keep(fold, entry, { path, sum: text === content ? sum : `blob ${blob}`, present, lineage });
  const kept = fold.paths.get(path);
  if (kept !== undefined) fold.paths.set(path, { ...kept, isDoubtful: true });
}

/** Of a text that Git wrote only what is known just so is anybody's. */
export function attributeBrought(
  fold: Fold,
  file: SeenFile,
  text: string,
): Pick<Observation, "present" | "lineage"> {
  const lines = splitLines(text);
  const { texts, lineage } = findSources(fold, file, lines);
  return { present: attributeLines(lines, [EMPTY_TEXT, ...texts], UNKNOWN), lineage };
}

interface Brought {
  readonly text: string;
  readonly blob: string;
  /** HEAD as Git had written the text, by the name of an observation. */
  readonly head: string;
}

/**
 * What Git left in the file when it put an agent's work there into the stash: what is typed now is typed over that. Undefined where the
 * newest stash does not hold what was seen last.
 */
function findPutAway(
  contents: Contents,
  { path, state, entry }: { readonly path: string; readonly state: PathState; readonly entry: JournalEntry },
): Brought | undefined {
  const push = hasAi(state.present) ? findStashPush(contents.headMoves(), state, entry) : undefined;
  if (push === undefined) return undefined;
  const stashed = textOf(contents, contents.blobAt(push.stash, path));
  const blob = contents.blobAt(push.base, path);
  const text = textOf(contents, blob);
  if (typeof blob !== "string" || text === undefined) return undefined;
  return isSameText(stashed, state.present.lines.join("")) ? { text, blob, head: entry.head } : undefined;
}

/** What Git wrote last into the file between two looks; undefined where it wrote nothing, or where that cannot be told. */
function findBrought(
  contents: Contents,
  { path, state, head }: { readonly path: string; readonly state: PathState; readonly head: string },
): Brought | undefined {
  const changes: HeadMove[] = [];
  for (const move of findMovesBetween(contents.headMoves(), state, head)) {
    const [from, to] = [contents.blobAt(move.from, path), contents.blobAt(move.to, path)];
    if (from === undefined || to === undefined) return undefined;
    if (from !== to) changes.push(move);
  }
  const last = changes.at(-1);
  if (last === undefined || !WRITES.test(last.action)) return undefined;
  // What was not committed Git carries along, by a stash of its own or a merge: nobody knows what it made of it.
  const present = state.present.lines.join("");
  const wasClean = changes.some(({ from }) =>
    isSameText(textOf(contents, contents.blobAt(from, path)), present),
  );
  if (!wasClean) return undefined;
  const blob = contents.blobAt(last.to, path);
  const text = textOf(contents, blob);
  if (typeof blob !== "string" || text === undefined) return undefined;
  return { text, blob, head: last.to === headCommit(head) ? head : last.to };
}

/** Empty for a path that is not there. */
function textOf({ blob }: Contents, id: string | null | undefined): string | undefined {
  return id === null ? "" : id === undefined ? undefined : blob(id);
}

function isSameText(blob: string | undefined, present: string): boolean {
  return blob !== undefined && blob.replaceAll("\r\n", "\n") === present.replaceAll("\r\n", "\n");
}
