// SPDX-License-Identifier: Apache-2.0
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
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
