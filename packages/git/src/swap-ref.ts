// SPDX-License-Identifier: Apache-2.0
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ObjectId, RefName } from "@countersign/core/ids";
import { GitError } from "./git-error.ts";
import { readRef } from "./refs.ts";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/** A write that was refused: the tip it started from, and Git's complaint. Mostly somebody else was first. */
export interface Refused {
  readonly seen: ObjectId | undefined;
  readonly complaint: string;
}

/** So long nobody has moved the ref: it is not contention any more. */
const STALLED_MS = 5000;
const LONGEST_PAUSE_MS = 60;

/**
 * Tries a compare-and-swap of a ref until it succeeds. Throws REF_CONTENDED only when nobody gets anywhere: then a lock was
 * left behind, or rights are missing.
 */
export async function swapUntilDone<T extends object>(
  repo: Repository,
  ref: RefName,
  attempt: () => Promise<T | Refused>,
): Promise<T> {
  let complaint = "";
  let lastTip = await readRef(repo, ref);
  for (let giveUpAt = performance.now() + STALLED_MS; performance.now() < giveUpAt; ) {
    const outcome = await attempt();
    if (!("complaint" in outcome)) return outcome;
    if (outcome.seen !== lastTip) giveUpAt = performance.now() + STALLED_MS;
    lastTip = outcome.seen;
    complaint = outcome.complaint;
    await sleep(randomInt(1, LONGEST_PAUSE_MS));
  }
  const advice = `try again; if no other git runs there, look for a left-over ${repo.commonDir}/${ref}.lock`;
  throw new GitError("REF_CONTENDED", `cannot update ${ref} (${complaint}); ${advice}`);
}

/** One compare-and-swap to a commit that exists; undefined where it succeeded. */
export async function moveRef(
  repo: Repository,
  ref: RefName,
  tip: ObjectId | undefined,
  next: ObjectId,
): Promise<Refused | undefined> {
  const expected = tip ?? "0".repeat(next.length);
  const call = repositoryCall(repo, ["update-ref", "--no-deref", ref, next, expected]);
  const swap = await runGit(call, [0, 1, 128]);
  return swap.exitCode === 0 ? undefined : { seen: tip, complaint: swap.complaint };
}
