// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import type { Contributor } from "@countersign/core/policy";
import type { Ref, Repository } from "@countersign/git";

/** Whoever pushes commits that no ref here ever reached may have written them, whatever name stands in them. */
export interface Introduction {
  /** Transport user, as the server knows them. */
  readonly pusher: string;
  readonly commits: ReadonlySet<ObjectId>;
}

/** One question to the gate: may `head` land on `target`, whose tip is `base`? */
export interface GateRequest {
  readonly repository: Repository;
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly target: RefName;
  /** Seconds since the epoch. */
  readonly evaluatedAt: number;
  /** A door is about to move the target: computed merges and squashes are landings. */
  readonly isLanding: boolean;
  /** The target does not exist yet and `base` is another branch's tip: nothing can have landed on it before. */
  readonly isTargetNew?: boolean;
  /** Name of the source branch where the caller knows it; weak evidence only. */
  readonly branchNames: readonly string[];
  /** Heads of earlier versions that the caller knows of. */
  readonly versions: readonly ObjectId[];
  /** Openers and pushers that the caller knows of. */
  readonly contributors: readonly Contributor[];
  /** Transport user who is about to move the target, as the server knows them; see Introduction. */
  readonly mover?: string | null;
  /** Description of the change on its forge, read for AI claims; null where there is none. */
  readonly description: string | null;
  /** Commits of evidence sets to read besides the repository's own ref. */
  readonly evidence: readonly ObjectId[];
  /** Folder of the ledger that the policy names; default the one inside the Git directory. */
  readonly ledgerDir?: string;
  /** Refs that hold records, as a push is about to set them; read besides the repository's own. */
  readonly recordRefs?: readonly Ref[];
}
