// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";

/** Whether a saved plan was made from the files of a commit. */
export interface PlanOrigin {
  /** `differs` where any file does; `unknown` where nobody can tell, which is no `same`. */
  readonly status: "same" | "differs" | "unknown";
  /** Folder of the root module in the commit; empty for the repository's own. */
  readonly root: RepoPath;
  /** Modules and files that were compared and are the commit's own, byte for byte. */
  readonly modules: number;
  readonly files: number;
  readonly differences: readonly PlanDifference[];
  /** Why nobody can tell; a line each. */
  readonly unknown: readonly string[];
  /** What no commit could show, and what was taken on somebody's word; a line each. */
  readonly unchecked: readonly string[];
}

export interface PlanDifference {
  readonly path: RepoPath;
  /** One line, for people. */
  readonly reason: string;
}

/** A folder of the commit, as Terraform would see it: links followed. */
export type PlanFolder =
  /** Content of each configuration file and of the lock file; a text says why it is not known. */
  | { readonly files: ReadonlyMap<string, Uint8Array | string> }
  /** Why nobody can tell what is in it. */
  | { readonly problem: string };

/** What the commit holds. */
export interface CommittedFolders {
  readonly root: RepoPath;
  /** The path behind all links on the way; undefined where they lead out of the repository. */
  readonly follow: (path: RepoPath) => RepoPath | undefined;
  /** By the folder of a module, in the repository, links followed. */
  readonly folders: ReadonlyMap<RepoPath, PlanFolder>;
  /** Sources of modules that somebody vouches for, as the calls have them; with `*` at the end all that begin so. */
  readonly trusted: readonly string[];
  /** Names of files of the root module that a tool makes before it plans, and that are in no commit. */
  readonly generated: readonly string[];
}
