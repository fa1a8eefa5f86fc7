// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type RawChange, type Repository, readStaged, type StagedChange } from "@countersign/git";
import { isPending } from "../capture/compact.ts";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import { makeReady } from "../capture/make-ready.ts";
import { readPending, settle } from "../capture/pending.ts";
import { readSquashedCommits } from "../capture/read-head.ts";
import { readWorkingState } from "../capture/read-working-state.ts";
import { recorderFolder } from "../capture/recorder-folder.ts";
import type { WorkingState } from "../capture/working-state.ts";
import { attributeCommit } from "./attribute-commit.ts";
import { addTrailers, findMissingTrailers } from "./claim-trailers.ts";
import { findFilteredFiles } from "./find-filtered-files.ts";
import { findLeft } from "./find-left.ts";
import { findStagedAsIs } from "./find-staged-as-is.ts";
import { hasUnflushed } from "./has-unflushed.ts";
import { toRepository } from "./hook-repository.ts";
import { type HookSettings, readHookSettings } from "./hook-settings.ts";
import { isAmending } from "./is-amending.ts";
import { appendToMessage, findCommentChar, readMessage, replaceMessage } from "./message-file.ts";
import { findTypingHead, observeWorkTree } from "./observe-work-tree.ts";
import { dropPrepared, keepPrepared, type PreparedRecord } from "./prepared-commit.ts";
import { readEmission } from "./read-emission.ts";
import { readHeadLog } from "./read-head-log.ts";
import { readMergeHeads, readStagedTarget } from "./read-staged-target.ts";
import type { TakenUp } from "./taken-up.ts";
import { toRecord } from "./to-record.ts";
import type { ToldByShell } from "./told-by-shell.ts";

/** What Git tells prepare-commit-msg, and what it tells all hooks by its environment. */
export interface PrepareRequest {
  readonly place: WorkTreePlace;
  readonly messageFile: string;
  /** `message`, `template`, `merge`, `squash`, `commit`, or empty. */
  readonly source: string;
  readonly object: string;
  /** Absolute path of the index that the commit is made from. */
  readonly indexFile: string | undefined;
  /** No editor shows the message after us. */
  readonly isUnedited: boolean;
  /** Seconds since the epoch. */
  readonly now: number;
  /** What the shell hook has asked Git already. */
  readonly told?: ToldByShell | undefined;
}

/**
 * Before a commit: finds who wrote what is staged, writes the trailers into the message, and leaves what it found for the hook
 * that Git calls once the commit is there. Leaves nothing where nothing is known of what is staged.
 */
export async function prepareCommit(request: PrepareRequest): Promise<void> {
  const { place, now } = request;
  const folder = recorderFolder(place.gitDir);
  makeReady(folder);
  dropPrepared(place.gitDir);
  const environment = request.indexFile === undefined ? {} : { GIT_INDEX_FILE: request.indexFile };
  const repo = toRepository(place, environment, request.told?.objects);
  const amends = isAmending(request.source, request.object);
  if (isRevert(request.messageFile) && hasUnflushed(place.gitDir)) await flushBefore(repo);
  const word = readPending(folder);
  const [staged, settings, state] = await Promise.all([
    readStaged(repo, amends, request.told?.staged),
    request.told?.settings ?? readHookSettings(repo),
    readWorkingState(place, (known) => observeWorkTree(place, known, now)),
  ]);
  const takenUp = await findTakenUp(repo, staged, amends ? staged.head : undefined);
  const record = await recordStaged(request, repo, { staged, state, amends, takenUp });
  const squashed = readSquashedCommits(place.gitDir);
  const brought = squashed.length === 0 ? takenUp : await addSquashed(repo, staged, takenUp, squashed);
  // Its record is derived once it is there, and says so; its message is written now.
  const claimed =
    brought === takenUp
      ? record
      : await recordStaged(request, repo, { staged, state, amends, takenUp: brought });
  if (!isEmpty(claimed)) writeTrailers(request, settings, toRecord(claimed, UNBORN));
  if (!isEmpty(record)) return keepPrepared(place.gitDir, record);
  // What was lost is still to be said in the commit's record.
  const isSettled =
    state.gaps.length === 0 && !isPending(place, state, await findStagedAsIs(repo, staged, state));
  if (isSettled && word !== undefined) settle(folder, word);
}

function isEmpty({ files, agents }: PreparedRecord): boolean {
  return files.length + agents.length === 0;
}

/** A revert brings back what the commit before replaced: that is known once its record is made. */
const REVERT_PATIENCE_MS = 2000;

/** Loaded only then: other commits do not wait for half of the program. */
async function flushBefore(repo: Repository): Promise<void> {
  const { flushPresence } = await import("./flush-presence.ts");
  await flushPresence(repo, { patience: REVERT_PATIENCE_MS });
}

function isRevert(messageFile: string): boolean {
  return /^This reverts commit [0-9a-f]{40}/m.test(readMessage(messageFile));
}

/** Stands for the commit where only what was written counts. */
const UNBORN: ObjectId = "1".repeat(40);

interface Staged {
  readonly staged: StagedChange;
  readonly state: WorkingState;
  readonly amends: boolean;
  readonly takenUp: TakenUp;
}

async function recordStaged(
  { place, now }: PrepareRequest,
  repo: Repository,
  { staged, state, amends, takenUp }: Staged,
): Promise<PreparedRecord> {
  const { head, headParents, tree } = staged;
  const target = await readStagedTarget(repo, staged, { state, takenUp });
  const filtered = await findFilteredFiles(repo, [target], state);
  const moment = { now, head: findTypingHead(place), takenUp, filtered };
  const { files, agents, seen, ...found } = attributeCommit(target, state, moment);
  const parents = amends ? headParents : head === undefined ? [] : [head, ...readMergeHeads(repo)];
  const gaps = [...state.gaps.map(({ code, message }) => ({ code, message })), ...target.gaps];
  const looked = new Set(target.files.map(({ path }) => path));
  const isOpen = found.isOpen || staged.changes.some((change) => hasText(change) && !looked.has(change.path));
  return { version: 1, tree, parents, files, agents, gaps, isOpen, seen };
}

/** Bytes of HEAD's log in which the last resets stand. */
const LAST_MOVES = 4096;

/** Loaded only then, as what reverts need. */
async function findTakenUp(
  repo: Repository,
  { changes }: StagedChange,
  amended: ObjectId | undefined,
): Promise<TakenUp> {
  const left = findLeft(readHeadLog(repo.gitDir, LAST_MOVES));
  if (amended === undefined && left.length === 0) return new Map();
  const { readTakenUp } = await import("./read-taken-up.ts");
  return readTakenUp(repo, { amended, left, isAnew: isAnewIn(changes) });
}

/** With what `merge --squash` brought; what else is taken up is younger. */
async function addSquashed(
  repo: Repository,
  { changes }: StagedChange,
  takenUp: TakenUp,
  squashed: readonly ObjectId[],
): Promise<TakenUp> {
  const { readTakenUp } = await import("./read-taken-up.ts");
  const brought = await readTakenUp(repo, { squashed, isAnew: isAnewIn(changes) });
  return new Map([...brought, ...takenUp]);
}

function isAnewIn(changes: readonly RawChange[]): (path: RepoPath) => boolean {
  const old = new Set(changes.flatMap(({ path, status }) => (status === "A" ? [] : [path])));
  return (path) => !old.has(path);
}

function hasText({ status, newMode }: RawChange): boolean {
  return status !== "D" && newMode.startsWith("100");
}

function writeTrailers(
  { place, messageFile, isUnedited }: PrepareRequest,
  settings: HookSettings,
  record: AssistanceRecord,
): void {
  const emission = readEmission(place.workTree);
  if (!settings.isTrailerWanted || emission === "none") return;
  const message = readMessage(messageFile);
  const trailers = findMissingTrailers(record, message, emission);
  const commentChar = findCommentChar(message, { ...settings, isEdited: !isUnedited });
  const next = addTrailers(message, trailers, commentChar);
  if (next === message) return;
  if (next.startsWith(message)) appendToMessage(messageFile, next.slice(message.length));
  else replaceMessage(messageFile, next);
}
