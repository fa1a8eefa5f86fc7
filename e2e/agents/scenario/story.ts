// SPDX-License-Identifier: Apache-2.0
import type { ExpectedFiles } from "./expected-line.ts";
import type { Act, AuthorEdit, Step } from "./step.ts";

/** In the task of every sub-agent; a conversation that holds it is a sub-agent's. */
export const DELEGATED = "DELEGATED-TASK";

/** What one agent is made to do in a fresh repository, what its author does besides, and what must come of it. */
export interface Story {
  /** Argument of the command; one word. */
  readonly name: string;
  /** Files by path, committed by the author before the recorder is installed. */
  readonly base: Readonly<Record<string, string>>;
  /** One conversation of the main agent, in order; each step is one call of one tool. */
  readonly steps: readonly Step[];
  /** The conversation of its sub-agent. */
  readonly delegated: readonly Act[];
  /** What the author does when the agent is gone. */
  readonly ending: { readonly edit: AuthorEdit; readonly title: string };
  /** Asked before and after that. */
  readonly afterAgent: readonly ExpectedCommit[];
  readonly afterAuthor: readonly ExpectedCommit[];
  /** Columns of the result. */
  readonly columns: readonly string[];
}

export interface ExpectedCommit {
  /** Column under which it is shown what the commit itself says wrongly. */
  readonly step: string;
  /** Revision, as Git takes it. */
  readonly commit: string;
  readonly title: string;
  /** An agent made it, and may have put words of its own into its message. */
  readonly isAgents: boolean;
  /** Every line of every file. */
  readonly files: ExpectedFiles;
  /** The same of its first parent. */
  readonly parent: ExpectedFiles;
  /** What `scan` says: `cleared` where no AI has a part in what the commit adds. */
  readonly state: "recorded" | "cleared";
  /** `observed`, unless the commit was made from others, whose records then prove it. */
  readonly evidence: readonly ("observed" | "derived")[];
}
