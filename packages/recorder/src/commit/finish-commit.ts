// SPDX-License-Identifier: Apache-2.0
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AssistanceRecord } from "@countersign/core/attribution";
import { isObjectId, type ObjectId } from "@countersign/core/ids";
import { filterCommits, openRepository, type Repository, readStatus } from "@countersign/git";
import { compact } from "../capture/compact.ts";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import { recorderFolder } from "../capture/recorder-folder.ts";
import { observeNow } from "./observe.ts";
import { recordCommits } from "./record-commits.ts";
import { isMade, readHeadSteps } from "./reflog.ts";

/** A rebase of more than this is left to what reads the records, which finds the lines again. */
const MOST_COMMITS = 256;

/**
 * After a commit, or whenever somebody asks: records every commit that was made in this work tree since the last time, hooks
 * or not, by what the recorder saw; then folds away what is settled.
 */
export async function finishCommits(place: WorkTreePlace, at: number): Promise<readonly AssistanceRecord[]> {
  const repository = await openRepository(place.workTree);
  const commits = await findUnfinished(repository, place);
  const last = commits.at(-1);
  const { state, extra } = await observeNow(repository, place, { commit: last, at });
  const records = last === undefined ? [] : await recordCommits({ repository, place, commits, state });
  const folder = recorderFolder(place.gitDir);
  if (last !== undefined) writeFileSync(`${folder.root}/finished`, `${last}\n`, { mode: 0o600 });
  const dirty = new Set((await readStatus(place)).map(({ path }) => path));
  await compact(place, extra, { isCommitted: (path) => !dirty.has(path), keepGapsFrom: at });
  rmSync(folder.presence, { force: true });
  return records;
}

/** Commits that HEAD's reflog or the Git hook says were made here and that were not finished yet, oldest first. */
async function findUnfinished(repository: Repository, place: WorkTreePlace): Promise<readonly ObjectId[]> {
  const folder = recorderFolder(place.gitDir);
  const finished = readLines(`${folder.root}/finished`)[0];
  const steps = readHeadSteps(place.gitDir);
  const from = steps.findLastIndex(({ to }) => to === finished) + 1;
  const made = steps.slice(Math.max(from, steps.length - MOST_COMMITS)).filter(isMade);
  const seen = readLines(folder.presence).filter(isObjectId);
  const all = [...new Set([...seen, ...made.map(({ to }) => to)])].slice(-MOST_COMMITS);
  const here = await filterCommits(repository, all);
  return all.filter((id) => here.has(id));
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, "latin1")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}
