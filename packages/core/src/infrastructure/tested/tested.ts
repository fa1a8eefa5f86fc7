// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";

/** `unknown` where a file that may be the test cannot be read, or where no kind of test is known; it is not `yes`. */
export const TESTED_STATES = ["yes", "no", "unknown"] as const;
export type TestedState = (typeof TESTED_STATES)[number];

/** A file that tests a resource, or one of which nobody can tell whether it does. */
export interface TestEvidence {
  readonly path: RepoPath;
  /** One line, for people. */
  readonly reason: string;
}

/** Whether anything tests a touched resource; the files that prove it, else those that leave it open. */
export interface Tested {
  readonly tested: TestedState;
  readonly testedBy: readonly TestEvidence[];
}

export const NOT_TOLD: Tested = { tested: "unknown", testedBy: [] };
