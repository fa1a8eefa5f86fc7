// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId } from "@countersign/core/ids";
import { explainHistoryFailure } from "./find-missing.ts";
import { listCommitParents } from "./history.ts";
import { objectCall } from "./object-view.ts";
import { parseLog, RAW } from "./read-changes.ts";
import { endingEarly, gitFailure, spawnGit } from "./spawn-git.ts";
import type { CommitChanges, Repository } from "./types.ts";

/**
 * Where each head left the history of a commit: the one best common ancestor. A head that left it in several places, as an
 * integration branch does, or in none, is not among them, although Git may still find one that is best: that takes Git as
 * long for each as a merge. One process, whatever the number of heads.
 */
export async function findForks(
  repo: Repository,
  commit: ObjectId,
  heads: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, ObjectId>> {
  const outside = await listCommitParents(repo, { include: heads, exclude: [commit] });
  const exits = new Map<ObjectId, ObjectId | "several" | "none">();
  // Parents come first, so that every parent that is not known here is part of the commit's own history.
  for (const [id, ...parents] of outside) {
    if (id === undefined) continue;
    const left = new Set(parents.map((parent) => exits.get(parent) ?? parent));
    left.delete("none");
    const [only = "none"] = left;
    exits.set(id, left.size > 1 ? "several" : only);
  }
  const found = heads.map((head) => [head, exits.get(head) ?? head] as const);
  return new Map(found.filter(([, exit]) => exit !== "several" && exit !== "none"));
}

/** A head, and the commit where it left the history that it is compared with. */
export interface Fork {
  readonly head: ObjectId;
  readonly fork: ObjectId;
}

/** What each head changes against its fork, in the order given. One process, trees only. */
export async function* readForkChanges(
  repo: Repository,
  forks: readonly Fork[],
): AsyncGenerator<CommitChanges, void, undefined> {
  if (forks.length === 0) return;
  // Git takes what follows a commit on its line for the commit's parents.
  const input = forks.map(({ head, fork }) => `${parseObjectId(head)} ${parseObjectId(fork)}\n`).join("");
  const call = await objectCall(repo, ["diff-tree", "--stdin", "--always", "-r", ...RAW], Buffer.from(input));
  const process = spawnGit(call);
  yield* endingEarly([process], parseLog(process.stdout as AsyncIterable<Buffer>));
  const exitCode = await process.exit;
  if (exitCode === 0) return;
  const include = forks.map(({ head }) => head);
  throw await explainHistoryFailure(repo, { include }, gitFailure(process, exitCode));
}
