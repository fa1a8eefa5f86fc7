// SPDX-License-Identifier: Apache-2.0
import { diffLines, type Origin, splitLines, UNKNOWN } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { openRepository, readObjects, readStatus, type StatusEntry } from "@countersign/git";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import { readWorkingState } from "../capture/read-working-state.ts";
import { MAX_FILE_BYTES, type ReadContent, readContent } from "../capture/snapshot-store.ts";
import { attributeUnclaimed } from "../capture/unclaimed-writer.ts";
import type { WorkingState } from "../capture/working-state.ts";
import { findTypingHead, reseeAfterCommits } from "../commit/observe-work-tree.ts";
import { placeOf } from "../place-of.ts";
import type { PendingFile, PendingWork } from "./pending-work.ts";

/** A folder that somebody forgot to ignore must not keep a person waiting. */
const MOST_FILES = 2000;
/** Texts held at once. */
const BATCH = 50;

/**
 * Compares the work tree with HEAD and says of every line in no commit yet who wrote it. Reads only. `now`: seconds since the
 * epoch; how much a person can have typed since the recorder last looked. Throws GIT_FAILED.
 */
export async function readPendingWork(place: WorkTreePlace, now: number): Promise<PendingWork> {
  const [state, status] = await Promise.all([
    readWorkingState(place, (known) => reseeAfterCommits(place, known)),
    readStatus(place),
  ]);
  // What the recorder watches is looked into first, whatever else lies around.
  const entries = [
    ...status.filter(({ path }) => state.paths.has(path)),
    ...status.filter(({ path }) => !state.paths.has(path)),
  ];
  const looked = entries.slice(0, MOST_FILES);
  const files: PendingFile[] = [];
  for (let start = 0; start < looked.length; start += BATCH)
    files.push(...(await readBatch(place, state, { entries: looked.slice(start, start + BATCH), now })));
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const gaps = state.gaps.toSorted((a, b) => a.at - b.at);
  return { files: files.filter(isChange), uncounted: entries.length - looked.length, open: state.open, gaps };
}

/** What is staged and was taken back since differs from HEAD in the index only. */
function isChange({ added, removed, reason }: PendingFile): boolean {
  return reason !== null || removed > 0 || (added?.length ?? 0) > 0;
}

interface Batch {
  readonly entries: readonly StatusEntry[];
  readonly now: number;
}

async function readBatch(
  place: WorkTreePlace,
  state: WorkingState,
  { entries, now }: Batch,
): Promise<readonly PendingFile[]> {
  const wanted = new Set(entries.flatMap(({ headBlob }) => headBlob ?? []));
  const blobs = new Map<ObjectId, string>();
  if (wanted.size > 0) {
    const repo = await openRepository(place.workTree);
    for await (const blob of readObjects(repo, [...wanted], { maxBytes: MAX_FILE_BYTES }))
      if (blob.status === "read") blobs.set(blob.id, toText(blob.bytes));
  }
  return entries.map(({ path, headBlob }) => {
    const file = placeOf(place.workTree, path);
    const head = headBlob === null ? "" : blobs.get(headBlob);
    return compare(place, state, { path, head, content: readContent(file), now });
  });
}

interface Compared {
  readonly path: string;
  /** Undefined: not in this clone, or too large. */
  readonly head: string | undefined;
  readonly content: ReadContent;
  readonly now: number;
}

function compare(place: WorkTreePlace, state: WorkingState, compared: Compared): PendingFile {
  const { path, head, content } = compared;
  const known = state.paths.get(path);
  const file = { path, touched: known?.touched ?? [], isWatched: known !== undefined };
  const unread = (reason: PendingFile["reason"]) => ({ ...file, added: null, reason, removed: 0 });
  if (typeof content === "string") return unread(content);
  if (head === undefined) return unread("content-missing");
  const text = content === null ? "" : toText(content);
  if (text.includes("\0") || head.includes("\0")) return unread("binary");
  const lines = splitLines(text);
  const hunks = diffLines(...withSameEnds(splitLines(head), lines));
  const origins = content === null ? [] : originsOf(place, state, { ...compared, lines });
  return {
    ...file,
    added: hunks.flatMap(({ bStart, bEnd }) => origins.slice(bStart, bEnd)),
    reason: null,
    removed: hunks.reduce((sum, { aStart, aEnd }) => sum + aEnd - aStart, 0),
  };
}

/** Git takes CR LF for LF where it is told to; a checkout with other line ends changes no line. */
function withSameEnds(
  head: readonly string[],
  lines: readonly string[],
): [readonly string[], readonly string[]] {
  const hasReturns = head.some((line) => line.endsWith("\r\n"));
  return [head, hasReturns ? lines : lines.map((line) => line.replace(/\r\n$/, "\n"))];
}

function originsOf(
  place: WorkTreePlace,
  state: WorkingState,
  { path, lines, now }: Compared & { readonly lines: readonly string[] },
): readonly Origin[] {
  const known = state.paths.get(path);
  if (known === undefined) return lines.map(() => UNKNOWN);
  const mayBeTyped =
    known.sum !== null &&
    known.head === findTypingHead(place) &&
    !state.open.some(({ action }) => action === "shell");
  const sources = [known.present, ...known.earlier];
  return attributeUnclaimed({ lines, sources, mayBeTyped, seconds: now - known.at }).origins;
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
