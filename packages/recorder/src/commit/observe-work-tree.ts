// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findAncestors } from "../capture/find-ancestors.ts";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import { appendEntry } from "../capture/journal.ts";
import type { JournalEntry, SeenFile } from "../capture/journal-entry.ts";
import { headLogLength, readHead, readPickedCommits, readStash } from "../capture/read-head.ts";
import { recorderFolder } from "../capture/recorder-folder.ts";
import { putSnapshot, readContent } from "../capture/snapshot-store.ts";
import { snapshotTree } from "../capture/snapshot-tree.ts";
import type { WorkingState } from "../capture/working-state.ts";
import { placeOf } from "../place-of.ts";
import { findReverted } from "./find-reverted.ts";
import { isOwnCommit, readHeadLog } from "./read-head-log.ts";

/** More paths than this are not looked at again while Git waits. */
const MOST_PATHS = 1000;

/**
 * What the work tree holds at the moment of a commit, kept in the journal: what a person typed since the last event, and, for
 * a commit made below an agent's own shell, what that shell wrote so far. The recorder's folder is ready.
 */
export async function observeWorkTree(
  place: WorkTreePlace,
  state: WorkingState,
  now: number,
): Promise<readonly JournalEntry[]> {
  const folder = recorderFolder(place.gitDir);
  const entries = [...reseeAfterCommits(place, state), await observe(place, state, now)];
  const kept = entries.filter(({ files, isWholeTree }) => files.length > 0 || isWholeTree);
  for (const entry of kept) appendEntry(folder, entry);
  return kept;
}

async function observe(place: WorkTreePlace, state: WorkingState, now: number): Promise<JournalEntry> {
  const head = findTypingHead(place);
  const log = headLogLength(place.gitDir);
  const shell = findOwnShell(state);
  const stash = readStash(place.gitDir);
  if (shell === undefined) return { ...SEEN, at: now, head, log, stash, files: readKnown(place, state) };
  const { tool, session, subAgent, model, callKey } = shell;
  const before = shell.files.map(({ path }) => path);
  const { files, gaps } = await snapshotTree(place, before);
  const call = { tool, session, subAgent, model, callKey };
  const others = [...readPickedCommits(place.gitDir), ...(await findReverted(place))];
  return { ...SEEN, ...call, others, at: now, head, log, stash, files, gaps, isWholeTree: true };
}

const SEEN: Omit<JournalEntry, "at" | "head" | "files"> = {
  version: 1,
  phase: "commit",
  action: "other",
  tool: "git",
  session: "",
  subAgent: null,
  model: null,
  callKey: "",
  agentPid: 0,
  isWholeTree: false,
  isFinal: false,
  gaps: [],
};

/** Operations in which Git itself changes files: what then differs from before, nobody has typed. */
const OPERATIONS = [
  "MERGE_HEAD",
  "CHERRY_PICK_HEAD",
  "REVERT_HEAD",
  "SQUASH_MSG",
  "rebase-merge",
  "rebase-apply",
];

/** HEAD as observations name it; while Git is at an operation, a name that equals no other. */
export function findTypingHead({ gitDir }: WorkTreePlace): string {
  const operation = OPERATIONS.find((name) => existsSync(join(gitDir, name)));
  const head = readHead(gitDir);
  return operation === undefined ? head : `${head} ${operation}`;
}

/** The open shell call of an agent below which this process runs. */
function findOwnShell({ open }: WorkingState): JournalEntry | undefined {
  const shells = open.filter(({ action, agentPid }) => action === "shell" && agentPid > 0);
  if (shells.length === 0) return undefined;
  const above = new Set(findAncestors().map(({ pid }) => pid));
  return shells.findLast(({ agentPid }) => above.has(agentPid));
}

/** Files of which something is known, as they are now; those as known too, since that HEAD has moved under them matters. */
function readKnown(place: WorkTreePlace, state: WorkingState): readonly SeenFile[] {
  const { snapshots } = recorderFolder(place.gitDir);
  const files: SeenFile[] = [];
  for (const [path, known] of [...state.paths].slice(0, MOST_PATHS)) {
    const content = readContent(placeOf(place.workTree, path));
    if (typeof content === "string") continue;
    const isGone = content === null;
    if (isGone && known.sum === null) continue;
    files.push({ path, sum: isGone ? null : putSnapshot(snapshots, content) });
  }
  return files;
}

/**
 * HEAD that moved only by commits made here, from what lay in the work tree, has changed no file: the files are as known
 * under the new HEAD too. One entry for each moment at which something was known.
 */
export function reseeAfterCommits(place: WorkTreePlace, state: WorkingState): readonly JournalEntry[] {
  const head = readHead(place.gitDir);
  const older = [...state.paths].filter(([, known]) => known.head !== head);
  if (older.length === 0) return [];
  const heads = findHeadsBehind(place, head);
  const moments = new Map<number, SeenFile[]>();
  for (const [path, { sum, head: seen, at }] of older) {
    if (!heads.has(seen)) continue;
    const files = moments.get(at) ?? [];
    moments.set(at, files);
    files.push({ path, sum });
  }
  const log = headLogLength(place.gitDir);
  return [...moments].map(([at, files]) => ({ ...SEEN, at, head, log, files }));
}

const RECENT_BYTES = 16 * 1024;

/** Names of earlier HEADs from which only commits of this work tree led to the present one. */
function findHeadsBehind({ gitDir }: WorkTreePlace, head: string): ReadonlySet<string> {
  const heads = new Set<string>();
  const ref = head.slice(0, head.lastIndexOf(" ") + 1);
  let at = head.slice(ref.length);
  for (const move of readHeadLog(gitDir, RECENT_BYTES).toReversed()) {
    if (move.to !== at || !isOwnCommit(move)) break;
    // Before its first commit a branch has no file, and readHead no id.
    heads.add(/^0+$/.test(move.from) ? ref : `${ref}${move.from}`);
    at = move.from;
  }
  return heads;
}
