// SPDX-License-Identifier: Apache-2.0
import type { ChangeRecord } from "../attestation/change-record.ts";
import type { Identity, ObjectId, RepoPath } from "../ids/index.ts";
import type { Impact } from "../infrastructure/index.ts";
import type { Assistance, CommitState, Warning } from "../trailers/assistance.ts";

/** One path that a commit or a change touches; a rename is a deletion and an addition (T40). */
export interface ChangedFile {
  readonly path: RepoPath;
  readonly status: "added" | "modified" | "deleted" | "type-changed";
  /** Octal mode as Git writes it, `000000` where the side is absent. */
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldId: ObjectId;
  readonly newId: ObjectId;
  /** Policy classes of either side, by path, content and link target; sorted. */
  readonly classes: readonly string[];
  /** Files of the target that are the same file where case or Unicode form is ignored; absent where there are none. */
  readonly twins?: readonly RepoPath[];
}

/** Lines that a commit added to one file against every parent, as far as records tell who wrote them. */
export interface FileLines {
  readonly path: RepoPath;
  readonly added: number;
  readonly ai: number;
  readonly human: number;
  /** Of the human ones those that are only guessed to be so; left out for none. */
  readonly guessed?: number;
  /** AI lines of each agent, by its place in the commit's record; absent where there are none. */
  readonly byAgent?: ReadonlyMap<number, number>;
}

/** Who wrote the lines that a commit added. */
export interface CommitLines {
  /** Text files with added lines. */
  readonly files: readonly FileLines[];
  /** Tools to whom lines are ascribed. */
  readonly tools: readonly string[];
  /** A recorder saw the whole commit and no AI: no line of it is unknown. */
  readonly isSeenWhole: boolean;
}

/** The part of a change that one commit is. */
export interface CommitFacts {
  readonly id: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly title: string;
  readonly author: Identity;
  readonly committer: Identity;
  readonly coAuthors: readonly Identity[];
  readonly signedOffBy: readonly Identity[];
  /** Seconds since the epoch, as claimed. */
  readonly authoredAt: number;
  readonly committedAt: number;
  readonly state: CommitState;
  readonly assistance: readonly Assistance[];
  readonly warnings: readonly Warning[];
  /** Set where a commit that is part of the change was reached only through a sign-off's head (a squash's originals). */
  readonly viaSignOff: boolean;
  readonly files: readonly ChangedFile[];
  /** Counted only where the policy asks for lines; absent elsewhere, and for commits reached through a sign-off. */
  readonly lines?: CommitLines;
}

export type { ChangeRecord };

/** Somebody who had a hand in any version of the change. */
export interface Contributor {
  /** Empty name or e-mail where only the other, or only a login, is known. */
  readonly identity: Identity;
  /** Forge login or transport user (REMOTE_USER, GL_USER), where that is how the person is known. */
  readonly login: string | null;
  readonly as: readonly ("author" | "committer" | "co-author" | "pusher" | "opener")[];
  /** True for identities that the marker registry knows as an AI tool or a forge service; they are nobody. */
  readonly isService: boolean;
  readonly commits: readonly ObjectId[];
}

/** A reason why the facts may be incomplete; any one of them makes the verdict `error`. */
export interface FactsProblem {
  readonly code: string;
  readonly message: string;
  readonly objects: readonly ObjectId[];
}

/** Everything gathered about one change; plain values, no policy applied except classes. */
export interface ChangeFacts {
  readonly record: ChangeRecord;
  /** Tip of the target branch, tip of the change, fork point: three different commits. */
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly mergeBase: ObjectId;
  /** Oldest first; merges included; a squash's originals too, marked `viaSignOff`. */
  readonly commits: readonly CommitFacts[];
  /** Every path touched by the net change or by any of its commits, sorted by path. */
  readonly files: readonly ChangedFile[];
  /** Union over every version of the change that is known, force-pushed ones included. */
  readonly contributors: readonly Contributor[];
  /** Heads of earlier versions that are known (push records, sign-offs, reflogs, --version). */
  readonly versions: readonly ObjectId[];
  /** Break-glass changes that landed on the target and have no review yet. */
  readonly openOverrides: readonly OpenOverride[];
  /** Claims about the whole change from outside its commits: its description on a forge. */
  readonly claims: readonly Assistance[];
  /** Infrastructure that the net change touches; absent where nobody looked, since the policy does not ask. */
  readonly impact?: Impact;
  readonly problems: readonly FactsProblem[];
}

/** A change that landed by break-glass and still lacks the review that must follow. */
export interface OpenOverride {
  readonly head: ObjectId;
  readonly mergeBase: ObjectId;
  readonly principals: readonly string[];
  /** RFC 3339, as signed. */
  readonly issuedAt: string;
  /** Seconds since the epoch. */
  readonly dueAt: number;
  /** The signed commits are gone from this repository, after a squash; whoever reviews them must fetch them. */
  readonly isHeadMissing?: boolean;
}
