// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "@countersign/core/attestation";
import type { ObjectId, RefName } from "@countersign/core/ids";
import type {
  ChangedFile,
  ChangeFacts,
  CommitFacts,
  CommitTree,
  Landing,
  OpenOverride,
  Policy,
} from "@countersign/core/policy";
import type { MergeResult, RawChange, Repository } from "@countersign/git";
import type { GatheredCommits } from "../gather-commits.ts";
import type { PushHistory, Versions } from "../gather-versions.ts";
import type { Inclusion } from "../ledger/read-inclusion.ts";
import type { Surroundings } from "../read-surroundings.ts";
import type { CommitGraph } from "./commit-graph.ts";
import type { ReviewIndex } from "./index-reviews.ts";
import type { LandedRequest } from "./landed-change.ts";

type SignedChange = CodeReviewPredicate["change"];

/** What was read for all landings of a chunk together. */
export interface ChunkFacts {
  readonly repository: Repository;
  readonly policy: Policy;
  readonly target: RefName;
  readonly own: GatheredCommits;
  /** Place of each commit, oldest first. */
  readonly order: ReadonlyMap<ObjectId, number>;
  readonly graph: CommitGraph;
  readonly net: ReadonlyMap<ObjectId, readonly RawChange[]>;
  readonly classified: ReadonlyMap<RawChange, ChangedFile>;
  /** Commits of signed heads, earlier versions and branches that are not on the line themselves. */
  readonly beside: ReadonlyMap<ObjectId, CommitFacts>;
  /** What a log lost of who wrote those. */
  readonly besideProblems: ChangeFacts["problems"];
  readonly besideOf: (head: ObjectId) => ReadonlySet<ObjectId>;
  readonly pushes: PushHistory;
  readonly problems: ChangeFacts["problems"];
  /** The ledger of the policy under which the chunk landed. */
  readonly inclusion: Inclusion;
  readonly openOverrides: readonly OpenOverride[];
  /** Those that had landed before the range, by their change. */
  readonly overridesBefore: ReadonlySet<string>;
  readonly pushedAt: (head: ObjectId) => number | null;
  readonly judgedAt: LandedRequest["judgedAt"];
  /** Earlier versions of each landing, by its head. */
  readonly versions: ReadonlyMap<ObjectId, Versions>;
  readonly tools: AnswerTools;
  readonly contentDigests: ReadonlyMap<ObjectId, string>;
  readonly sizes: ReadonlyMap<ObjectId, number>;
  /** What lies around the changes of the chunk. */
  readonly surroundings: Surroundings;
}

/** What answering a landing needs beside its facts; computed for many landings at once where Git can. */
export interface AnswerTools {
  readonly index: ReviewIndex;
  readonly isHere: (id: ObjectId) => boolean;
  /** Merge of a signed head onto a position; undefined where it was not tried. */
  readonly merged: (position: ObjectId, head: ObjectId) => MergeResult | undefined;
  /** Heads beside the line whose content this commit of the landing holds, by the merges that were tried. */
  readonly sameAs: (
    landing: Landing,
    commit: CommitTree & { readonly parents: readonly ObjectId[] },
  ) => readonly ObjectId[];
  /** Digest of what a signed change contains here and now. */
  readonly signedDigest: (change: SignedChange) => string | undefined;
  /** Where a signed change landed first, by the change; filled as landings go by, oldest first. */
  readonly landedAs: Map<string, ObjectId>;
  /** Commits of which it is known what landed since: those of the range. */
  readonly isWatched: (mergeBase: ObjectId) => boolean;
}
