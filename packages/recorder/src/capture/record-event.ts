// SPDX-License-Identifier: Apache-2.0
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { AgentEvent, TouchedFile } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { readStatus } from "@countersign/git";
import { findAgentPid } from "./find-ancestors.ts";
import { findWorkTree, type PlacedFile, placeFile, type WorkTreePlace } from "./find-work-tree.ts";
import { appendEntry } from "./journal.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { writeLoss } from "./losses.ts";
import { markPending } from "./pending.ts";
import { readHead } from "./read-head.ts";
import { makeFolders, recorderFolder } from "./recorder-folder.ts";
import { type Snapshot, snapshotFiles, snapshotTree } from "./take-snapshot.ts";

export interface Clock {
  /** Seconds since the epoch. */
  readonly now: () => number;
}

/**
 * Keeps one event in the journal of every work tree that it touches. Durable once it resolves, as far as the page cache is.
 * Never throws for what concerns one work tree: that is written down there as a loss.
 */
export async function recordEvent(event: AgentEvent, clock: Clock): Promise<void> {
  for (const { place, files } of groupByWorkTree(event)) {
    try {
      await recordIn(place, event, files, clock);
    } catch (error) {
      const message = `an event of ${event.tool} was lost: ${error instanceof Error ? error.message : String(error)}`;
      writeLoss(recorderFolder(place.gitDir), { code: "event-lost", message, at: clock.now() });
    }
  }
}

interface TouchedPlace {
  readonly place: WorkTreePlace;
  readonly files: readonly { readonly placed: PlacedFile; readonly touched: TouchedFile }[];
}

async function recordIn(
  place: WorkTreePlace,
  event: AgentEvent,
  files: TouchedPlace["files"],
  clock: Clock,
): Promise<void> {
  const folder = recorderFolder(place.gitDir);
  makeFolders(folder);
  const isWholeTree = event.action === "shell" && event.phase !== "session" && event.phase !== "human";
  // Before the snapshot and the journal: a kill in between leaves a commit hook that looks once too often, never once too few.
  if (event.phase !== "session") markPending(folder);
  const snapshot: Snapshot = isWholeTree ? await snapshotTree(place) : snapshotFiles(place, files);
  const heads = await readHeadBlobs(place, event);
  const entry: JournalEntry = {
    version: 1,
    phase: event.phase,
    action: event.action,
    tool: event.tool,
    session: event.session,
    subAgent: event.subAgent,
    model: event.model,
    callKey: event.callKey,
    at: clock.now(),
    head: readHead(place.gitDir),
    agentPid: findAgentPid(),
    isWholeTree,
    isFinal: event.isFinal ?? false,
    files: snapshot.files.map((file) => ({ ...file, ...headBlobOf(heads, file) })),
    gaps: event.isRunning === true ? [...snapshot.gaps, RUNNING] : snapshot.gaps,
  };
  appendEntry(folder, entry);
  if (event.phase !== "session") markPending(folder);
}

/**
 * An agent that reports after its edits only, as whatever speaks to git-ai does, is held to have made what differs from HEAD
 * where nothing else is known.
 */
async function readHeadBlobs(
  place: WorkTreePlace,
  { phase, callKey }: AgentEvent,
): Promise<ReadonlyMap<string, ObjectId | null>> {
  if (phase !== "after" || callKey !== "") return new Map();
  return new Map((await readStatus(place)).map(({ path, headBlob }) => [path, headBlob]));
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

/** A shell touches the work tree that it stands in, and those that its command names. */
function groupByWorkTree(event: AgentEvent): readonly TouchedPlace[] {
  const groups = new Map<
    string,
    { place: WorkTreePlace; files: { placed: PlacedFile; touched: TouchedFile }[] }
  >();
  const groupOf = (place: WorkTreePlace) => {
    const group = groups.get(place.gitDir) ?? { place, files: [] };
    groups.set(place.gitDir, group);
    return group;
  };
  for (const touched of event.files) {
    const placed = placeFile(event.cwd, touched.path);
    if (placed === undefined) continue;
    const movedFrom =
      touched.movedFrom === undefined ? undefined : placeFile(event.cwd, touched.movedFrom)?.path;
    const { movedFrom: _, ...rest } = touched;
    groupOf(placed.place).files.push({
      placed,
      touched: movedFrom === undefined ? rest : { ...rest, movedFrom },
    });
  }
  if (event.action === "shell" || event.phase === "session") {
    for (const folder of [event.cwd, ...event.folders]) {
      const place = findWorkTree(realFolder(resolve(event.cwd, folder)));
      if (place !== undefined) groupOf(place);
    }
  }
  return [...groups.values()];
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
