// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { Impact } from "@countersign/core/infrastructure";
import { parsePolicy } from "@countersign/core/policy";
import { diffTrees, GitError } from "@countersign/git";
import { findRecordSources } from "@countersign/recorder";
import { gatherCommits } from "../gather-commits.ts";
import { findHistoryProblem, readHistory } from "../read-history.ts";
import { readSurroundings } from "../read-surroundings.ts";
import { joinImpact } from "./gather-impact.ts";
import { readImpactFiles } from "./read-impact-files.ts";
import { type LabelsRequest, readLabels } from "./read-labels.ts";

export interface ImpactRequest extends LabelsRequest {
  readonly head: ObjectId;
}

/** Asks for nothing: which resources a change touches is no policy's matter. */
const NO_POLICY = parsePolicy("version: 1\n", "no policy");

/**
 * What the change from the fork point of `base` and `head` to `head` touches. Throws GitError where history or content is not here: what
 * cannot be told is not nothing.
 */
export async function runImpact(request: ImpactRequest): Promise<Impact> {
  const { repository, base, head } = request;
  const problem = findHistoryProblem(repository);
  if (problem !== undefined) throw new GitError("MISSING_OBJECT", problem);
  const { mergeBase, head: tip } = await readHistory(repository, base, head);
  if (mergeBase === undefined)
    throw new GitError(
      "MISSING_OBJECT",
      `${base} and ${head} share no history; expected a change made from the base`,
    );
  const [changes, surroundings, recordSources, amendments] = await Promise.all([
    diffTrees(repository, mergeBase.tree, tip.tree),
    readSurroundings(repository, mergeBase.tree, tip.tree),
    findRecordSources(repository),
    readLabels(request),
  ]);
  const context = {
    repository,
    policy: NO_POLICY,
    branchNames: [],
    amendments,
    viaSignOff: false,
    recordSources,
  };
  const range = { repository, oldTree: mergeBase.tree, newTree: tip.tree, changes, surroundings };
  const [files, { commits, recorded }] = await Promise.all([
    readImpactFiles(range),
    gatherCommits(context, { include: [head], exclude: [base] }, []),
  ]);
  return joinImpact(range, files, { repository, head, commits, recorded });
}
