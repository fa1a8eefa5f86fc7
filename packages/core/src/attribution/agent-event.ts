// SPDX-License-Identifier: Apache-2.0

/** What an agent's hook reports, in one form for all agents. Holds no prompt, no environment, no command output. */
export interface AgentEvent {
  /** Registry name of the agent: `claude-code`, `codex`, `gemini-cli`, … */
  readonly tool: string;
  /** The agent's own id of the conversation; empty where it gives none. */
  readonly session: string;
  /** Id of the sub-agent that acts, null for the main agent. */
  readonly subAgent: string | null;
  readonly phase: EventPhase;
  readonly action: "edit" | "shell" | "other";
  /**
   * Pairs a `before` with its `after`: the call's own id, else `#` and a digest of (session, sub-agent, tool name,
   * arguments); a `#` key comes back when the agent makes the very same call again.
   * Empty for events that belong to no call, such as the `after` of a tool that reports nothing before.
   */
  readonly callKey: string;
  /** Absolute folder that relative paths start from. */
  readonly cwd: string;
  /** Files the call names, absolute or relative to `cwd`; for a move both old and new. Empty for a shell. */
  readonly files: readonly TouchedFile[];
  /** Other folders a shell command names (`cd X`, `git -C X`), where another repository may be touched. */
  readonly folders: readonly string[];
  /** The model as the payload or the transcript names it, null where unknown. */
  readonly model: string | null;
  /**
   * Only on `session` events. True: the whole conversation is over, sub-agents' calls too. Otherwise only the calls of
   * `subAgent` are: sub-agents go on working after the main agent's turn has ended.
   */
  readonly isFinal?: boolean;
  /** Only on `after` of a shell: the command goes on in the background, and nobody reports what it writes from now on. */
  readonly isRunning?: boolean;
}

/**
 * - `before`/`after`: around one call; `failed` ends a call too, and it may have changed files all the same.
 * - `human`: somebody else edited these files (an editor says so).
 * - `session`: start, end, end of a turn: open calls of that session are over.
 */
export type EventPhase = "before" | "after" | "failed" | "human" | "session";

export interface TouchedFile {
  readonly path: string;
  /**
   * Full content before the call, where the payload holds it; null: no such file. UTF-8 text, often with its line ends made
   * into LF: what is on disk counts more. Undefined where the payload does not say.
   */
  readonly before?: string | null;
  /** Full content after it, likewise; null for a deletion. */
  readonly after?: string | null;
  /** For a move: the path whose content this one takes over. That path is a file of the event too. */
  readonly movedFrom?: string;
  /** Pieces of text that the call wants to write; what a call without an `after` event may have left behind. */
  readonly proposed: readonly string[];
}
