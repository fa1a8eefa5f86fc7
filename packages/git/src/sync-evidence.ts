// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { ObjectId, RefName } from "@countersign/core/ids";
import { EVIDENCE_REF } from "./evidence-set.ts";
import { GitError } from "./git-error.ts";
import { listRefs, readRef } from "./refs.ts";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";
import { type EvidenceWrite, isEvidenceSuperset, mergeEvidence } from "./write-evidence.ts";

/** Everything that configuration could add to a fetch of one ref; --no-filter, or a partial clone would get names only. */
const FETCH = [
  "fetch",
  "--quiet",
  "--prune",
  "--refmap=",
  "--no-tags",
  "--no-write-fetch-head",
  "--no-auto-maintenance",
  "--no-recurse-submodules",
  "--no-filter",
];
/** --no-verify: our own pre-push hook calls this, and would call itself for ever. */
const PUSH = ["push", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"];
const ATTEMPTS = 5;
const REJECTED = 1;

/** Unites the local set with a remote's; a remote without one changes nothing. Throws GIT_FAILED when it cannot be reached. */
export async function fetchEvidence(
  repo: Repository,
  remote: string,
  ref: RefName = EVIDENCE_REF,
): Promise<EvidenceWrite> {
  const theirs = await fetchTip(repo, remote, ref);
  if (theirs !== undefined) return mergeEvidence(repo, theirs, ref);
  return { tip: await readRef(repo, ref), added: 0, problems: [] };
}

const TRACKING_PREFIX = "refs/countersign-remotes";

/** Where the remote's tip is remembered; also keeps its objects from gc until they are united. */
function trackingRef(remote: string, ref: RefName): RefName {
  const name = createHash("sha256").update(remote).digest("hex").slice(0, 16);
  return `${TRACKING_PREFIX}/${name}/${ref.slice("refs/".length)}`;
}

export function evidenceTrackingRef(remote: string): RefName {
  return trackingRef(remote, EVIDENCE_REF);
}

/** Tips of all evidence that fetches brought, whether it was united with the local set or not. */
export async function fetchedEvidence(repo: Repository): Promise<readonly ObjectId[]> {
  const refs = await listRefs(repo, [TRACKING_PREFIX]);
  const tips = refs.filter(({ name }) => name.endsWith(EVIDENCE_REF.slice("refs".length)));
  return [...new Set(tips.map((ref) => ref.id))];
}

/** Whether this clone has evidence that the remote did not have when it was last asked. Without any network. */
export async function hasUnsharedEvidence(repo: Repository, remote: string): Promise<boolean> {
  const own = await readRef(repo, EVIDENCE_REF);
  if (own === undefined) return false;
  const theirs = await readRef(repo, evidenceTrackingRef(remote));
  return theirs === undefined || !(await isEvidenceSuperset(repo, own, theirs));
}

async function fetchTip(repo: Repository, remote: string, ref: RefName): Promise<ObjectId | undefined> {
  const tracking = trackingRef(remote, ref);
  // A pattern that matches nothing is no error, so a remote without evidence needs no second round trip to tell.
  const args = [...FETCH, "--", remote, `+${ref}*:${tracking}*`];
  await runGit(repositoryCall(repo, args));
  return readRef(repo, tracking);
}

/**
 * Sends the local set to a remote: fetch, unite, push, and again while others are faster. Never forces, so nothing on the
 * remote is lost. Throws PUSH_REJECTED with the remote's words when it keeps refusing.
 */
export async function pushEvidence(
  repo: Repository,
  remote: string,
  ref: RefName = EVIDENCE_REF,
): Promise<EvidenceWrite> {
  let words = "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const united = await fetchEvidence(repo, remote, ref);
    const theirs = await readRef(repo, trackingRef(remote, ref));
    if (united.tip === undefined || united.tip === theirs) return united;
    const push = await runGit(repositoryCall(repo, [...PUSH, "--", remote, `${united.tip}:${ref}`]), [
      0,
      REJECTED,
    ]);
    if (push.exitCode === 0) return united;
    words = `${
      push.stdout
        .toString("utf8")
        .split("\n")
        .find((line) => line.startsWith("!")) ?? ""
    } ${push.complaint}`;
  }
  const advice = "the set is safe in this clone; push again later, or ask the server's administrator";
  throw new GitError(
    "PUSH_REJECTED",
    `the remote refused ${ref} ${ATTEMPTS} times (${words.trim()}); ${advice}`,
  );
}
