// SPDX-License-Identifier: Apache-2.0
import type { ObjectFormat, ObjectId, RefName, RepoPath, Signature } from "@countersign/core/ids";

export type ObjectType = "commit" | "tree" | "blob" | "tag";

/** A repository on disk, opened once per command. */
export interface Repository {
  /** Absolute path of the Git directory (`.git`, a bare repository, or a linked work tree's own directory). */
  readonly gitDir: string;
  /** Absolute path of the directory that linked work trees share; equal to gitDir elsewhere. */
  readonly commonDir: string;
  /** Absolute path of the work tree's top, undefined for a bare repository. */
  readonly workTree: string | undefined;
  readonly objectFormat: ObjectFormat;
  readonly isShallow: boolean;
  /** A promisor remote is configured: objects may be missing although history looks whole. */
  readonly isPartial: boolean;
  /** Variables passed to every git process on top of the fixed ones, such as a pre-receive hook's quarantine. */
  readonly environment: Readonly<Record<string, string>>;
  /** Refs as they were at one moment (see snapshotRefs); undefined where every question asks Git anew. */
  readonly snapshot?: RefSnapshot;
  /** Of Git, as it would use it here; undefined where every question asks Git anew. */
  readonly configuration?: { settings: Settings | undefined };
  /** Objects that Git was asked for already, by whoever opened the repository. */
  readonly readAhead?: ReadonlyMap<ObjectId, { readonly type: ObjectType; readonly bytes: Uint8Array }>;
}

/** Every value of each key in Git's order, the last one counts; keys as Git writes them, section and name in lower case. */
export type Settings = ReadonlyMap<string, readonly string[]>;

/** Refs read once, so that one decision sees one state of them, at the price of one process. */
export interface RefSnapshot {
  /** Everything at or under these was read. */
  readonly prefixes: readonly string[];
  readonly refs: readonly { readonly name: RefName; readonly id: ObjectId }[];
}

/**
 * Something about a commit object that tools read differently, so that it may show one thing to a reviewer and
 * another to a gate. Git writes none of these; `git fsck` complains about most.
 */
export type CommitAnomaly =
  | "duplicate-header"
  | "malformed-header"
  | "malformed-identity"
  | "malformed-date"
  | "nul-in-commit"
  | "unsupported-encoding"
  | "undecodable-text";

export interface CommitRecord {
  readonly id: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: Signature;
  readonly committer: Signature;
  /** Decoded by the commit's own encoding header; bytes that do not decode stay as raw text. */
  readonly message: string;
  /** Sorted, without repeats; empty for every commit that Git itself writes. */
  readonly anomalies: readonly CommitAnomaly[];
}

/** What of a tree is listed. */
export interface TreeScope {
  /** Only what is at these paths, in bytes, or below them; everything where left out. */
  readonly paths?: readonly Uint8Array[];
  /** Whether folders are entered (and left out themselves) or shown. */
  readonly isDeep: boolean;
}

/** One row of a raw, rename-free diff. */
export interface RawChange {
  readonly status: "A" | "M" | "D" | "T";
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldId: ObjectId;
  readonly newId: ObjectId;
  readonly path: RepoPath;
}

/** What one commit changes against its first parent (or the empty tree, for a root). */
export interface CommitChanges {
  readonly id: ObjectId;
  readonly changes: readonly RawChange[];
}

/** A part of history: everything reachable from `include` and not from `exclude`. Full commit ids only. */
export interface CommitRange {
  readonly include: readonly ObjectId[];
  readonly exclude?: readonly ObjectId[];
  readonly firstParent?: boolean;
  /** `newest-first` is Git's own order and streams; `oldest-first` puts parents before children. */
  readonly order?: "newest-first" | "oldest-first";
  readonly maxCount?: number;
  /**
   * What a merge changes: against its first parent (default), or `remerge`: only what differs from the merge that Git
   * itself computes, so that a clean merge changes nothing and a hand-made resolution shows (T26). The old side of such
   * a row is left empty: it never was a file of anybody.
   */
  readonly merges?: "first-parent" | "remerge";
}

/** A path that a merge could not settle, with what the three sides hold. */
export interface MergeConflict {
  readonly path: RepoPath;
  readonly mode: string;
  readonly id: ObjectId;
  /** 1 = merge base, 2 = ours, 3 = theirs. */
  readonly stage: 1 | 2 | 3;
}

/** What `git merge-tree --write-tree` computes for two commits. */
export interface MergeResult {
  readonly isClean: boolean;
  /** Tree of the result; with conflict markers in it where it is not clean; undefined where no merge base exists. */
  readonly tree: ObjectId | undefined;
  readonly conflicts: readonly MergeConflict[];
}

/** Two commits to merge. */
export interface MergePair {
  readonly ours: ObjectId;
  readonly theirs: ObjectId;
}
