// SPDX-License-Identifier: Apache-2.0

/** The only `schema_version` that git-ai's own reader accepts. */
export const GIT_AI_SCHEMA = "authorship/3.0.0";

/** One note of the Git AI Standard v3.0.0, as far as the format goes; numbers and keys are whatever stood there. */
export interface GitAiNote {
  /** In the note's order. */
  readonly files: readonly GitAiFile[];
  readonly metadata: GitAiMetadata;
}

export interface GitAiFile {
  readonly path: string;
  /** Where several cover a line, the last one counts whose key has a record. */
  readonly entries: readonly GitAiEntry[];
}

export interface GitAiEntry {
  /** `s_…::t_…`, `h_…`, or the bare key of a prompt. */
  readonly key: string;
  readonly ranges: readonly GitAiRange[];
}

/** 1-based, both ends inclusive, where it is sound; the format allows 0, reversed ends, and up to 4,294,967,295. */
export interface GitAiRange {
  readonly first: number;
  readonly last: number;
}

export interface GitAiMetadata {
  readonly gitAiVersion: string | null;
  /** The annotated commit's own id, whatever the name says. */
  readonly baseCommit: string;
  readonly prompts: ReadonlyMap<string, GitAiPrompt>;
  readonly humans: ReadonlyMap<string, GitAiHuman>;
  readonly sessions: ReadonlyMap<string, GitAiSession>;
}

export interface GitAiAgent {
  readonly tool: string;
  readonly id: string;
  readonly model: string;
}

export interface GitAiSession {
  readonly agent: GitAiAgent;
  /** Git's `Name <email>` of who directed the agent. */
  readonly humanAuthor: string | null;
  readonly customAttributes: ReadonlyMap<string, string> | null;
}

export interface GitAiPrompt extends GitAiSession {
  readonly messagesUrl: string | null;
  readonly totalAdditions: number;
  readonly totalDeletions: number;
  readonly acceptedLines: number;
  readonly overriddenLines: number;
}

export interface GitAiHuman {
  readonly author: string;
}
