// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { type ObjectId, toRawBytes } from "@countersign/core/ids";
import { type ParentedChange, type Repository, readObjects, readParentedChanges } from "@countersign/git";
import { findAncestors } from "../capture/find-ancestors.ts";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import type { JournalEntry, SeenFile } from "../capture/journal-entry.ts";
import { readHead } from "../capture/read-head.ts";
import { readWorkingState } from "../capture/read-working-state.ts";
import { recorderFolder } from "../capture/recorder-folder.ts";
import { putSnapshot, readContent } from "../capture/snapshot-store.ts";
import type { WorkingState } from "../capture/working-state.ts";

const NOBODY = {
  version: 1,
  phase: "commit",
  action: "other",
  tool: "",
  session: "",
  subAgent: null,
  model: null,
  callKey: "",
  agentPid: 0,
  isWholeTree: false,
  isFinal: false,
  gaps: [],
} as const;

/** What the work tree holds now of the paths that the recorder watches, as an entry to be folded in last. */
export function observeWatched(place: WorkTreePlace, state: WorkingState, at: number): JournalEntry {
  const { snapshots } = recorderFolder(place.gitDir);
  const files = [...state.paths.keys()].flatMap((path): SeenFile[] => {
    const content = readContent(Buffer.concat([Buffer.from(join(place.workTree, "/")), toRawBytes(path)]));
    if (typeof content === "string") return [];
    return [{ path, sum: content === null ? null : putSnapshot(snapshots, content) }];
  });
  return { ...NOBODY, files, at, head: readHead(place.gitDir) };
}

/**
 * A commit that an agent makes inside its own shell call: what it changes is the call's. Empty where no such call is open, or
 * where whoever commits does not run below the agent.
 */
export async function observeOwnCommit(
  repository: Repository,
  place: WorkTreePlace,
  { state, commit, at }: { readonly state: WorkingState; readonly commit: ObjectId; readonly at: number },
): Promise<readonly JournalEntry[]> {
  const above = new Set(findAncestors().map(({ pid }) => pid));
  const call = state.open.findLast(
    ({ action, agentPid }) => action === "shell" && agentPid > 0 && above.has(agentPid),
  );
  if (call === undefined) return [];
  const { tool, session, model, callKey, subAgent, agentPid } = call;
  const files = await readCommitted(repository, place, commit);
  return [
    { ...NOBODY, tool, session, model, callKey, subAgent, agentPid, files, at, head: readHead(place.gitDir) },
  ];
}

async function readCommitted(
  repo: Repository,
  place: WorkTreePlace,
  commit: ObjectId,
): Promise<readonly SeenFile[]> {
  const { snapshots } = recorderFolder(place.gitDir);
  const changes: ParentedChange[] = [];
  for await (const { changes: own } of readParentedChanges(repo, [commit])) changes.push(...own);
  const texts = new Map<ObjectId, string>();
  const present = changes.filter(({ mode }) => mode.startsWith("100"));
  for await (const blob of readObjects(
    repo,
    present.map(({ id }) => id),
  ))
    if (blob.status === "read") texts.set(blob.id, putSnapshot(snapshots, Buffer.from(blob.bytes)));
  return changes.flatMap(({ path, id, mode, parents }): SeenFile[] => {
    const sum = mode === "000000" ? null : texts.get(id);
    const before = parents[0];
    return sum === undefined
      ? []
      : [{ path, sum, headBlob: before === undefined || before.mode === "000000" ? null : before.id }];
  });
}

export interface ObservedState {
  readonly state: WorkingState;
  readonly extra: readonly JournalEntry[];
  /** The present alone, without what an open shell call claims of it. */
  readonly observed: JournalEntry;
}

/** The working state with the present folded in, and the entries that did it. */
export async function observeNow(
  repository: Repository,
  place: WorkTreePlace,
  { commit, at }: { readonly commit: ObjectId | undefined; readonly at: number },
): Promise<ObservedState> {
  const known = await readWorkingState(place);
  const own =
    commit === undefined ? [] : await observeOwnCommit(repository, place, { state: known, commit, at });
  const observed = observeWatched(place, known, at);
  const extra = [...own, observed];
  return { state: await readWorkingState(place, extra), extra, observed };
}
