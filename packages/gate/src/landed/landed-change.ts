// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName, Sha256 } from "@countersign/core/ids";
import type { Impact } from "@countersign/core/infrastructure";
import type {
  ChangedFile,
  CommitFacts,
  Evaluation,
  EvidenceProblem,
  FactsProblem,
  OpenOverride,
  Policy,
  SignOffAnswer,
} from "@countersign/core/policy";
import type { Repository } from "@countersign/git";
import type { RecordedCommit } from "@countersign/recorder";
import type { Statements } from "../read-statements.ts";

/** What has landed on a branch between two commits of it. */
export interface LandedRequest {
  /** With a snapshot of its refs, so that one report sees one state of them. */
  readonly repository: Repository;
  /** Null for everything since the first commit. */
  readonly base: ObjectId | null;
  readonly head: ObjectId;
  readonly target: RefName;
  /** Seconds since the epoch at which a landing is judged, by the commit that it made the tip and the statements about it. */
  readonly judgedAt: (landed: LandedMoment) => number;
  /** Seconds since the epoch; whether a review that must follow is overdue is asked now. */
  readonly now: number;
  /** Commits of evidence sets to read besides the repository's own ref. */
  readonly evidence: readonly ObjectId[];
  /** Folder of the ledger that policies name; default the one inside the Git directory. */
  readonly ledgerDir?: string | undefined;
  /** Whether to find out what changes with AI touch of the infrastructure, also where no policy asks. */
  readonly isImpactRead?: boolean;
}

/** What is known of when something landed, without asking anybody who had a hand in it. */
export interface LandedMoment {
  readonly head: ObjectId;
  /** Names of the envelopes that say something of it. */
  readonly statements: readonly Sha256[];
  /** Seconds since the epoch at which a server recorded the push; null where none did. */
  readonly pushedAt: number | null;
}

/** One change as it landed, with everything that the gate's own evaluation says of it. */
export interface LandedChange {
  /** Tip of the branch before; null for the first commit of all. */
  readonly base: ObjectId | null;
  readonly head: ObjectId;
  /** The signed head that Git merges onto `base` to exactly this; null where none explains it. */
  readonly signedHead: ObjectId | null;
  /** Oldest first; what a squash replaced is among them, marked `viaSignOff`. */
  readonly commits: readonly CommitFacts[];
  readonly files: readonly ChangedFile[];
  readonly recorded: ReadonlyMap<ObjectId, RecordedCommit>;
  /** What it touches of the infrastructure; null where nobody asked. */
  readonly impact: Impact | null;
  /** In force when it landed: the one on the tip before. Null where there was none that could be read. */
  readonly policy: Policy | null;
  /** Why there is no evaluation; null where there is one. */
  readonly unjudged: string | null;
  readonly evaluatedAt: number;
  readonly pushedAt: number | null;
  readonly evaluation: Evaluation | null;
  /** The statements that concern it, with what the evaluation could not print: reasons, roles, keys. */
  readonly statements: readonly SignOffAnswer[];
}

/** What is the same for all landings. */
export interface LandedHistory {
  readonly changes: AsyncGenerator<readonly LandedChange[], void, undefined>;
  /** Commits on the first-parent line. */
  readonly count: number;
  readonly statements: Statements;
  /** Why a ledger that a policy requires cannot be relied on; each change that it matters to is judged an error. */
  readonly ledgerProblems: readonly FactsProblem[];
  /** The same of ledgers that need not be there. */
  readonly ledgerNotes: readonly { readonly code: string; readonly message: string }[];
  readonly openOverrides: readonly OpenOverride[];
  readonly evidenceProblems: readonly EvidenceProblem[];
}
