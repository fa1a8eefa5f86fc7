// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor, JsonHooks } from "../hooks/hook-descriptor.ts";

import { type ClaudeShape, type EventKind, readClaudeShape } from "../payload/claude-shape.ts";
import { isObject } from "../payload/json-value.ts";

const PHASES: Readonly<Record<string, EventKind>> = {
  preToolUse: "before",
  PreToolUse: "before",
  postToolUse: "after",
  PostToolUse: "after",
  agentSpawn: "turn",
  AgentSpawn: "turn",
  stop: "turn",
  Stop: "turn",
};

/**
 * Amazon Q's command line, and Kiro's, which grew out of it. After the documentation
 * (github.com/aws/amazon-q-developer-cli docs/hooks.md, kiro.dev/docs/cli/hooks): no session, no call id, no model.
 */
export function shapeOf(tool: string): ClaudeShape {
  return {
    tool,
    edits: new Set([
      "fs_write",
      "fsWrite",
      "write",
      "str_replace",
      "strReplace",
      "fs_append",
      "fsAppend",
      "delete_file",
    ]),
    shells: new Set(["execute_bash", "execute_cmd", "executeBash", "execute_pwsh", "shell"]),
    phases: PHASES,
    isFailure: (response) => isObject(response) && response.success === false,
  };
}

export function read(input: HookInput): AgentEvent | undefined {
  return readClaudeShape(shapeOf("amazon-q"), input);
}

/**
 * Hooks stand in the file of each agent that the user made; the built-in agent has none to write to. Without a matcher they
 * apply to all tools, as one must for both edits and commands (docs/hooks.md, "Tool Matching"): a second entry for one event would
 * be taken for a double.
 */
export const AGENT_FILES: JsonHooks = {
  kind: "json",
  events: [{ name: "preToolUse" }, { name: "postToolUse" }, { name: "stop" }],
  entry: ({ shell }) => ({ command: shell, timeout_ms: 10_000 }),
};

export const hooks: HookDescriptor = {
  signs: { folders: [".aws/amazonq/cli-agents"], binaries: ["q"] },
  places: [
    {
      scope: "user",
      path: ({ home }) => join(home, ".aws", "amazonq", "cli-agents", "*.json"),
      format: AGENT_FILES,
    },
    {
      scope: "project",
      path: ({ repoRoot }) => join(repoRoot, ".amazonq", "cli-agents", "*.json"),
      format: AGENT_FILES,
    },
  ],
  note: "Amazon Q has hooks in the files of its custom agents only: what its built-in agent does is not recorded.",
};
