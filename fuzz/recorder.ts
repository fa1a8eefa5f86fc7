// SPDX-License-Identifier: Apache-2.0
import type { TestRepository } from "@countersign/testkit";

/** What a fuzzed history asks of the product; nothing of its inside. */
export interface Recorder {
  /** An edit tool's call on one file, around what it does. */
  readonly aroundEdit: (tool: string, file: string, act: () => Promise<void>) => Promise<void>;
  /** A shell tool's call, around what it does. */
  readonly aroundShell: (tool: string, act: () => Promise<void>) => Promise<void>;
  /** Origin of each line of some files at a commit, in order, once everything recorded so far is taken in. */
  readonly blame: (commit: string, files: readonly string[]) => Promise<readonly BlamedFile[]>;
}

export interface BlamedFile {
  readonly file: string;
  readonly lines: readonly BlamedLine[];
}

export interface BlamedLine {
  readonly text: string;
  readonly origin: "ai" | "human" | "unknown";
  readonly tool: string | null;
}

/** A new empty repository with the product in it, every time. */
export interface RecorderFactory extends AsyncDisposable {
  readonly createRepository: () => Promise<TestRepository>;
  readonly start: (repo: TestRepository) => Promise<Recorder>;
}
