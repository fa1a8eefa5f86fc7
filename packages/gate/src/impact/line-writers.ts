// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord } from "@countersign/core/attribution";
import { type ObjectId, type RepoPath, toRawBytes } from "@countersign/core/ids";
import type { LineRange, LineWriters } from "@countersign/core/infrastructure";
import { type CommitFacts, hasUnascribed, isAssisted } from "@countersign/core/policy";
import { blameLines, type RawChange, type Repository, SYMLINK } from "@countersign/git";
import { createOriginLookup, parseBlame } from "@countersign/recorder";
import type { GatheredRecords } from "../gather-records.ts";

/** Whose the change is: its commits, what recorders know of them, and the files as they are at its head. */
export interface WritersRequest {
  readonly repository: Repository;
  readonly head: ObjectId;
  readonly commits: readonly CommitFacts[];
  readonly recorded: GatheredRecords["known"];
}

/** Lines of a file whose writer is asked for. */
export interface AskedFile {
  readonly change: RawChange;
  readonly lines: readonly LineRange[];
}

/** `git blame` is a process a file; a change that needs more of them is judged by its commits. */
const MOST_BLAMED = 100;

/**
 * Says of each line of the head that the change added whether an AI wrote it, from the records and claims of the change's commits. Where
 * one commit left the file as it is, its record names the lines themselves; where several did, `git blame` says which wrote which.
 */
export async function readLineWriters(
  request: WritersRequest,
  asked: readonly AskedFile[],
): Promise<Omit<LineWriters, "addedLines">> {
  const touching = groupByPath(request.commits.filter((commit) => !commit.viaSignOff));
  const judge = createJudge(request);
  const blamed = new Map<RepoPath, ReadonlySet<number>>();
  // The lines that a link shows are its target's: whoever set it made them count here, and Git knows of one line of it.
  const links = new Set(
    asked.filter(({ change }) => change.newMode === SYMLINK).map(({ change }) => change.path),
  );
  let left = MOST_BLAMED;
  for (const { change, lines } of asked) {
    const touches = touching.get(change.path) ?? [];
    if (links.has(change.path)) continue;
    if (lines.length === 0 || !isTakenByAi(touches) || isOnes(touches, change)) continue;
    if (left-- > 0) blamed.set(change.path, await blame(request, change.path, lines, judge));
  }
  return {
    isTakenByAi: (path) => isTakenByAi(touching.get(path) ?? []),
    isAi: (path, line) => {
      const touches = touching.get(path) ?? [];
      const [only] = touches;
      if (links.has(path)) return isTakenByAi(touches);
      const known = blamed.get(path);
      if (known !== undefined) return known.has(line);
      // Past the bound: a line of a file in which an AI had a hand may be its.
      if (touches.length !== 1 || only === undefined) return isTakenByAi(touches);
      return judge({ commit: only.commit.id, path: toBytes(path), originalLine: line });
    },
  };
}

/** A commit of the change, and what it made of one path. */
interface Touch {
  readonly commit: CommitFacts;
  readonly newId: ObjectId;
}

function isTakenByAi(touches: readonly Touch[]): boolean {
  return touches.some(({ commit }) => isAssisted(commit));
}

/** The file is as one commit of the change left it, so that lines have the same numbers in both. */
function isOnes(touches: readonly Touch[], { newId }: RawChange): boolean {
  return touches.length === 1 && touches[0]?.newId === newId;
}

function groupByPath(commits: readonly CommitFacts[]): ReadonlyMap<RepoPath, readonly Touch[]> {
  const groups = new Map<RepoPath, Touch[]>();
  for (const commit of commits)
    for (const { path, newId } of commit.files) {
      const touch = { commit, newId };
      const known = groups.get(path);
      if (known === undefined) groups.set(path, [touch]);
      else known.push(touch);
    }
  return groups;
}

type Judge = (line: Parameters<ReturnType<typeof createOriginLookup>>[0]) => boolean;

/** An AI's by the commit's record; where it names an AI without saying which lines, what nobody is known to have written is that AI's. */
function createJudge({ commits, recorded }: WritersRequest): Judge {
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  const records = new Map<ObjectId, AssistanceRecord>();
  for (const [id, { record }] of recorded) if (record !== undefined) records.set(id, record);
  const lookUp = createOriginLookup(records);
  const open = new Map<ObjectId, boolean>();
  return (line) => {
    const commit = byId.get(line.commit);
    if (commit === undefined) return false;
    const origin = lookUp(line) ?? { kind: "unknown" };
    if (origin.kind !== "unknown") return origin.kind === "ai";
    const isOpen =
      open.get(commit.id) ??
      (isAssisted(commit) && hasUnascribed(commit.assistance, toTools(records.get(commit.id))));
    open.set(commit.id, isOpen);
    return isOpen;
  };
}

function toTools(record: AssistanceRecord | undefined): readonly string[] {
  const numbers = record?.files.flatMap((file) => file.ranges.flatMap((range) => range.agent ?? [])) ?? [];
  return [...new Set(numbers.map((number) => record?.agents[number]?.tool ?? "unspecified"))];
}

async function blame(
  { repository, head }: WritersRequest,
  path: RepoPath,
  lines: readonly LineRange[],
  judge: Judge,
): Promise<ReadonlySet<number>> {
  const [first, last] = [lines[0]?.[0] ?? 1, lines.at(-1)?.[1] ?? 1];
  const output = await blameLines(repository, { path, revision: head, ranges: [`${first},${last}`] });
  return new Set(
    parseBlame(output.toString("latin1"))
      .filter(judge)
      .map(({ line }) => line),
  );
}

/** Records are looked up by the path's bytes, as `git blame` names it. */
function toBytes(path: RepoPath): string {
  return Buffer.from(toRawBytes(path)).toString("latin1");
}
