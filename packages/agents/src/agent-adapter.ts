// SPDX-License-Identifier: Apache-2.0
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookDescriptor } from "./hooks/hook-descriptor.ts";
import type { JsonObject } from "./payload/json-value.ts";

/** One hook call as an agent made it: its payload, and the process it made the call from. */
export interface HookInput {
  readonly payload: JsonObject;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder the hook was started in; what a payload without `cwd` means. */
  readonly cwd: string;
  /** The user's home folder, where agents keep their transcripts. */
  readonly home: string;
}

/** What is in one agent's file. */
export interface AgentModule {
  /** Undefined for an event of no interest. Throws AgentError, and nothing else. */
  readonly read: (input: HookInput) => AgentEvent | undefined;
  /** How `init` makes this agent call us; undefined where the agent calls by itself or has no hooks. */
  readonly hooks?: HookDescriptor;
}

/** One row of the table of agents. */
export interface AgentAdapter {
  /** The word in `record <name>`; unique, kebab-case. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** Registry name that its events carry; two surfaces of one product share it. */
  readonly tool: string;
  /** Other words for it in `record`, such as git-ai's. */
  readonly aliases: readonly string[];
  /** `real`: driven against the real program; `documented`: payloads after the vendor's documentation only. */
  readonly proof: "real" | "documented";
  /** Loaded by need: a hook pays for one agent's file, not for all. */
  readonly load: () => Promise<AgentModule>;
}
