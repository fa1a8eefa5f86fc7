// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { TouchedResource } from "../resource.ts";
import type { TestEvidence } from "./tested.ts";

/** What is asked about: where a resource stands, and what it is. */
export type TestSubject = Pick<TouchedResource, "path" | "kind">;

/** A test, and what it exercises. */
export interface Coverage extends TestEvidence {
  /** False where nobody can tell whether it tests anything, or what. */
  readonly isSure: boolean;
  readonly covers: (subject: TestSubject) => boolean;
}

/** Texts that were asked for; undefined for one that is too large, not here, or kept elsewhere. */
export type Texts = ReadonlyMap<RepoPath, string | undefined>;

/** Asks for texts in rounds, so that only what leads somewhere is read, and answers what covers what. */
export type FindsCoverage = Generator<readonly RepoPath[], readonly Coverage[], Texts>;

/** What lies in the tree in which tests are looked for. */
export interface TestTree {
  /** Every file of it, links and submodules included. */
  readonly paths: readonly RepoPath[];
  /** Symbolic links and submodules, through which more may be tests than is seen. */
  readonly links: ReadonlySet<RepoPath>;
}

/** Longest list of candidates of a kind that is read; what lies beyond may test anything. */
export const MOST_TEST_FILES = 300;

/** The candidates that are read, and what the others leave open. */
export function limitCandidates(
  candidates: readonly RepoPath[],
  isOf: Coverage["covers"],
): { readonly read: readonly RepoPath[]; readonly open: readonly Coverage[] } {
  const [beyond] = candidates.slice(MOST_TEST_FILES);
  if (beyond === undefined) return { read: candidates, open: [] };
  const reason = `one of ${candidates.length} files that may be tests; ${MOST_TEST_FILES} are read`;
  return {
    read: candidates.slice(0, MOST_TEST_FILES),
    open: [openCoverage(beyond, reason, isOf)],
  };
}

export function openCoverage(path: RepoPath, reason: string, covers: Coverage["covers"]): Coverage {
  return { path, reason, isSure: false, covers };
}
