// SPDX-License-Identifier: Apache-2.0
import type { AgentEvent } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { readStatus, resolvePaths } from "@countersign/git";
import { toRepository } from "../commit/hook-repository.ts";
import { drawDigits } from "../hash-bytes.ts";
import { asOwner } from "./as-owner.ts";
import { findCommittedSince } from "./committed-since.ts";
import { findAgentPid } from "./find-ancestors.ts";
import { findBefore } from "./find-before.ts";
import type { WorkTreePlace } from "./find-work-tree.ts";
import { appendEntry } from "./journal.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { writeLoss } from "./losses.ts";
import { makeReady } from "./make-ready.ts";
import { markPending } from "./pending.ts";
import { headCommit, headLogLength, readHead, readOtherCommits, readStand, readStash } from "./read-head.ts";
import { recorderFolder } from "./recorder-folder.ts";
import { snapshotTree } from "./snapshot-tree.ts";
import { findStashedSince, findUnstashed, readStashes } from "./stashed-since.ts";
import { type Snapshot, snapshotFiles } from "./take-snapshot.ts";
import { noteTouched } from "./touched-paths.ts";
import { groupByWorkTree, type TouchedPlace, toInnerPlaces } from "./touched-places.ts";

export interface Clock {
  /** Seconds since the epoch. */
  readonly now: () => number;
}

/**
 * Keeps one event in the journal of every work tree that it touches. Durable once it resolves, as far as the page cache is.
 * What concerns one work tree only is written down there as a loss; throws only where a loss could be kept nowhere. Returns the
 * work trees that the event touches.
 */
export async function recordEvent(event: AgentEvent, clock: Clock): Promise<readonly WorkTreePlace[]> {
  const unkept: string[] = [];
  const places = groupByWorkTree(event);
  const known = new Set(places.map(({ place }) => place.gitDir));
  // Grows while it is walked: a shell in one work tree touches those inside it too.
  for (const touched of places) {
    for (const place of await recordOrLose(event, touched, { clock, unkept })) {
      if (known.has(place.gitDir)) continue;
      known.add(place.gitDir);
      places.push({ place, files: [] });
    }
  }
  if (unkept.length > 0) throw new Error(unkept.join("; "));
  return places.map(({ place }) => place);
}

async function recordOrLose(
  event: AgentEvent,
  touched: TouchedPlace,
  { clock, unkept }: { readonly clock: Clock; readonly unkept: string[] },
): Promise<readonly WorkTreePlace[]> {
  const { gitDir } = touched.place;
  return await asOwner(gitDir, async () => {
    try {
      return await recordIn(event, touched, clock);
    } catch (error) {
      const message = `an event of ${event.tool} was lost (${reasonOf(error)})`;
      if (!writeLoss(recorderFolder(gitDir), { code: "event-lost", message, at: clock.now() }))
        unkept.push(message);
      return [];
    }
  });
}

/** A system error's code, such as ENOSPC; other messages might repeat what nobody may keep. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "no system error";
}

/** Returns the work trees inside this one that the event may touch too. */
async function recordIn(
  event: AgentEvent,
  { place, files }: TouchedPlace,
  clock: Clock,
): Promise<readonly WorkTreePlace[]> {
  const folder = recorderFolder(place.gitDir);
  const { phase, action, tool } = event;
  makeReady(folder);
  // Before the snapshot and the journal: a kill in between leaves a commit hook that looks once too often, never once too few.
  if (phase !== "session") markPending(folder);
  const id = drawDigits(6);
  appendEntry(folder, { version: 1, phase: "start", id, pid: process.pid, at: clock.now(), tool });
  const isWholeTree = action === "shell" && phase !== "session" && phase !== "human";
  const snapshot = isWholeTree
    ? await snapshotAround(place, event)
    : { ...snapshotFiles(place, files), nested: [], unstashed: [] };
  appendEntry(folder, { ...(await toEntry(place, event, snapshot)), id, at: clock.now(), isWholeTree });
  if (phase !== "session") markPending(folder);
  noteTouched(
    folder,
    snapshot.files.map(({ path }) => path),
  );
  return isWholeTree ? toInnerPlaces(place, snapshot.nested) : [];
}

/** After a command also what it found changed and what now is as HEAD has it, or gone. */
async function snapshotAround(
  place: WorkTreePlace,
  event: AgentEvent,
): Promise<Around & { readonly nested: readonly string[] }> {
  const before = event.phase === "before" ? undefined : findBefore(place, event);
  const [committed, stashed, unstashed] = await Promise.all([
    findCommittedSince(place, before),
    findStashedSince(place, before),
    findUnstashed(place, before),
  ]);
  const also = before?.files.map(({ path }) => path) ?? [];
  return { ...(await snapshotTree(place, also, [...committed, ...stashed])), unstashed };
}

interface Around extends Snapshot {
  /** Commits of stashes that may have been brought back. */
  readonly unstashed: readonly ObjectId[];
}

async function toEntry(
  place: WorkTreePlace,
  event: AgentEvent,
  snapshot: Around,
): Promise<Omit<JournalEntry, "at" | "isWholeTree">> {
  const { phase, action, tool, session, subAgent, model, callKey, isFinal = false, isRunning } = event;
  const heads = await readHeadBlobs(place, event, snapshot.files);
  return {
    version: 1,
    ...{ phase, action, tool, session, subAgent, model, callKey, isFinal },
    head: readStand(place.gitDir),
    others: [...new Set([...readOtherCommits(place.gitDir), ...snapshot.unstashed])],
    log: headLogLength(place.gitDir),
    stash: readStash(place.gitDir),
    ...(phase === "before" && action === "shell" ? { stashes: readStashes(place.gitDir) } : {}),
    agentPid: findAgentPid(),
    files: snapshot.files.map((file) => ({ ...file, ...headBlobOf(heads, file) })),
    gaps: isRunning === true ? [...snapshot.gaps, RUNNING] : snapshot.gaps,
  };
}

/**
 * An agent that reports after its edits only, as whatever speaks to git-ai does, is held to have made what differs from HEAD
 * where nothing else is known. A text that its editor has not saved differs from HEAD though the file does not.
 */
async function readHeadBlobs(
  place: WorkTreePlace,
  { phase, callKey }: AgentEvent,
  files: readonly SeenFile[],
): Promise<ReadonlyMap<string, ObjectId | null>> {
  if (phase !== "after" || callKey !== "") return new Map();
  const blobs = new Map((await readStatus(place)).map(({ path, headBlob }) => [path, headBlob]));
  const head = headCommit(readHead(place.gitDir));
  const unsaved = files.filter(({ path, told }) => told !== undefined && !blobs.has(path));
  if (head === undefined || unsaved.length === 0) return blobs;
  const places = unsaved.map(({ path }) => ({ tree: head, path }));
  const found = await resolvePaths(toRepository(place), places);
  return new Map([...blobs, ...unsaved.map(({ path }, index) => [path, found[index] ?? null] as const)]);
}

function headBlobOf(
  heads: ReadonlyMap<string, ObjectId | null>,
  { path }: SeenFile,
): Pick<SeenFile, "headBlob"> {
  const headBlob = heads.get(path);
  return headBlob === undefined ? {} : { headBlob };
}

const RUNNING = {
  code: "shell-in-background",
  message: "a command went on in the background; what it wrote afterwards nobody reported",
};
