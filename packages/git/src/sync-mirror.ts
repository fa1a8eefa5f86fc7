// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { GitError } from "./git-error.ts";
import { isAncestor } from "./history.ts";
import { readRef } from "./refs.ts";
import { moveRef, swapUntilDone } from "./swap-ref.ts";
import { fetchShared, pushShared, type SharedRef, trackingRef } from "./sync-refs.ts";
import type { Repository } from "./types.ts";
import { LEDGER_REF } from "./write-mirror.ts";

/** How this clone's mirror of the ledger stands to that of a remote, as it was when last asked. */
export type MirrorState = "same" | "behind" | "ahead" | "apart" | "none";

/**
 * The mirror of a ledger, which moves forward or not at all: nobody unites two chains but who has the log at hand and can hold both
 * against it.
 */
const SHARED_MIRROR: SharedRef = {
  ref: LEDGER_REF,
  merge: (repo, theirs) =>
    swapUntilDone(repo, LEDGER_REF, async () => {
      const tip = await readRef(repo, LEDGER_REF);
      const state = await compareTips(repo, tip, theirs);
      if (state === "apart") throw apart(tip ?? "", theirs);
      if (state === "same" || state === "ahead") return { tip };
      return (await moveRef(repo, LEDGER_REF, tip, theirs)) ?? { tip: theirs };
    }),
};

/** Brings the mirror of a remote, as a fast-forward. Throws MIRROR_APART where the two are of no one chain. */
export async function fetchMirror(repo: Repository, remote: string): Promise<void> {
  await fetchShared(repo, remote, [SHARED_MIRROR]);
}

/** Takes this clone's mirror to a remote, as a fast-forward, where it is ahead. Throws MIRROR_APART, PUSH_REJECTED. */
export async function pushMirror(repo: Repository, remote: string): Promise<void> {
  if ((await readRef(repo, LEDGER_REF)) !== undefined) await pushShared(repo, remote, [SHARED_MIRROR]);
}

/** Without any network. */
export async function compareMirrors(repo: Repository, remote: string): Promise<MirrorState> {
  const [own, theirs] = [
    await readRef(repo, LEDGER_REF),
    await readRef(repo, trackingRef(remote, LEDGER_REF)),
  ];
  if (own === undefined) return "none";
  return theirs === undefined ? "ahead" : await compareTips(repo, own, theirs);
}

async function compareTips(
  repo: Repository,
  own: ObjectId | undefined,
  theirs: ObjectId,
): Promise<Exclude<MirrorState, "none">> {
  if (own === theirs) return "same";
  if (own === undefined || (await isAncestor(repo, own, theirs))) return "behind";
  return (await isAncestor(repo, theirs, own)) ? "ahead" : "apart";
}

function apart(own: ObjectId, theirs: ObjectId): GitError {
  const message =
    `${LEDGER_REF} here (${own.slice(0, 12)}) and on the remote (${theirs.slice(0, 12)}) do not continue each other, so neither replaces the other: ` +
    "the remote's was rewound or rewritten, or two mirrors went on from one state; where the log itself is at hand, countersign ledger mirror holds both against it; to take the remote's, delete this clone's: git update-ref -d " +
    LEDGER_REF;
  return new GitError("MIRROR_APART", message, { objects: [own, theirs] });
}
