// SPDX-License-Identifier: Apache-2.0
import type { AttributedText } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { filterCommits, listCommitIds, type Repository } from "@countersign/git";
import { fillUnknown } from "./fill-unknown.ts";
import type { LeftRange } from "./find-left.ts";
import { type Recorded, readRecordedTexts } from "./read-recorded-texts.ts";
import type { TakenUp, TakenUpText } from "./taken-up.ts";

export interface TakenUpRequest {
  /** The commit that is amended. */
  readonly amended?: ObjectId | undefined;
  readonly left?: readonly LeftRange[];
  /** Commits whose content `merge --squash` brought, newest first. */
  readonly squashed?: readonly ObjectId[];
  /** Whether the commit makes this file anew. */
  readonly isAnew: (path: RepoPath) => boolean;
  /** What is recorded of a commit, where that may not be written yet. */
  readonly known?: (commit: ObjectId) => Recorded | undefined;
}

/** Commits of either kind that are asked, newest first. */
const MOST_ASKED = 64;

/**
 * Texts of the commit that is amended, of those that a reset left just before, and of those that are squashed: `reset --soft` and `--mixed`
 * leave their content in the work tree. `--hard` does not, and HEAD's log cannot tell the one from the other: what they say of a file that was
 * there before is not sure, for a person may change what an agent had changed there.
 */
export async function readTakenUp(
  repo: Repository,
  { amended, left = [], squashed = [], isAnew, known }: TakenUpRequest,
): Promise<TakenUp> {
  const others = [...(await listLeft(repo, left)), ...squashed.slice(0, MOST_ASKED)];
  const sure = amended === undefined ? [] : [amended];
  const recorded = await readRecordedTexts(repo, [...new Set([...others, ...sure])], known);
  const texts = new Map<RepoPath, TakenUpText>();
  const add = (commit: ObjectId, isSure: (path: RepoPath) => boolean): void => {
    for (const [path, text] of recorded.get(commit) ?? [])
      texts.set(path, { text: fill(texts.get(path), text), isSure: isSure(path) });
  };
  for (const commit of others) add(commit, isAnew);
  for (const commit of sure) add(commit, () => true);
  return texts;
}

async function listLeft(repo: Repository, left: readonly LeftRange[]): Promise<readonly ObjectId[]> {
  const here = await filterCommits(
    repo,
    left.flatMap(({ from, to }) => [from, to]),
  );
  const commits: ObjectId[] = [];
  for (const { from, to } of left)
    if (here.has(from) && here.has(to))
      // Where history is missing in between nothing is taken up: its lines are unknown then, and no commit fails for it.
      commits.push(...(await listCommitIds(repo, { include: [from], exclude: [to] }).catch(() => [])));
  return [...new Set(commits)].slice(0, MOST_ASKED);
}

/** A commit's record knows what that one added; what stood there before, the records of earlier ones know. */
function fill(newer: TakenUpText | undefined, older: AttributedText): AttributedText {
  return newer === undefined ? older : fillUnknown(newer.text, older);
}
