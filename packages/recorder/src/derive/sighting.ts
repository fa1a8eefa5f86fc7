// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";

/** What a recorder saw of one file of a commit, and its record has no words for: other commits' records are held against it. */
export interface Sighting {
  readonly commit: ObjectId;
  /** The commit that it was made on; undefined for a first one. */
  readonly parent: ObjectId | undefined;
  readonly path: RepoPath;
  /** Other names, nearest first, from which the file was seen going on: no likeness has to tell them. */
  readonly names: readonly RepoPath[];
  /** The commit that this one amends: what the file was changed from. */
  readonly amended?: ObjectId | undefined;
  /**
   * Fingerprints of the significant lines that a short file, new in the commit, held when it was seen first, where nobody is known for any
   * of them: it may go on from another one whose going nobody has seen.
   */
  readonly began?: readonly string[] | undefined;
  /**
   * Lines (0-based) that a person typed, as far as anybody could see. Git may have put them there from a commit that was not looked at:
   * only a record that knows the very line can say so.
   */
  readonly byHand: ReadonlySet<number>;
  /** By line (0-based), fingerprint of the line, no AI's that was known, that a person changed. */
  readonly over: ReadonlyMap<number, string>;
}
