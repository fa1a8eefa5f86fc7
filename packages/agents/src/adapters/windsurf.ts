// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { AgentError } from "../agent-error.ts";
import type { HookDescriptor, JsonHooks } from "../hooks/hook-descriptor.ts";
import { hookEvents } from "../hooks/hook-formats.ts";
import { shellCommands } from "../payload/claude-shape.ts";
import { fieldOf, textOf } from "../payload/json-value.ts";
import { sessionEvent, type ToolCall, toolEvent } from "../payload/tool-call.ts";
import { touchedFiles } from "../payload/touched-files.ts";

const TOOL = "windsurf";

const CALLS: Readonly<
  Record<string, { readonly phase: "before" | "after"; readonly action: "edit" | "shell" }>
> = {
  pre_write_code: { phase: "before", action: "edit" },
  post_write_code: { phase: "after", action: "edit" },
  pre_run_command: { phase: "before", action: "shell" },
  post_run_command: { phase: "after", action: "shell" },
};

/**
 * Windsurf's Cascade. After the documentation (docs.windsurf.com, Cascade hooks). `execution_id` numbers a turn, not a
 * call: a turn with two writes would pair the first's start with the second's end, so calls are told apart by what they do.
 * @throws AgentError FIELD_MISSING
 */
export function read(input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const name = textOf(payload, "agent_action_name");
  if (name === undefined)
    throw new AgentError("FIELD_MISSING", "the payload names no event (agent_action_name)");
  if (name.startsWith("post_cascade_response")) return sessionEvent({ ...baseOf(input) }, input);
  const kind = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
  if (kind === undefined) return undefined;
  const info = fieldOf(payload, "tool_info");
  const files = kind.action === "edit" ? touchedFiles(info) : [];
  if (kind.action === "edit" && files.length === 0) return undefined;
  const call: ToolCall = {
    ...baseOf(input),
    ...kind,
    callId: undefined,
    toolName: kind.action,
    arguments: [
      textOf(payload, "execution_id"),
      textOf(info, "file_path"),
      fieldOf(info, "edits"),
      textOf(info, "command_line", "command"),
    ],
    files,
    commands: kind.action === "shell" ? shellCommands(info) : [],
    model: textOf(payload, "model_name"),
  };
  return toolEvent(call, input);
}

function baseOf({ payload }: HookInput) {
  const info = fieldOf(payload, "tool_info");
  return {
    tool: TOOL,
    session: textOf(payload, "trajectory_id"),
    cwd: textOf(info, "cwd") ?? textOf(payload, "cwd"),
  };
}

const FORMAT: JsonHooks = {
  kind: "json",
  events: hookEvents([...Object.keys(CALLS), "post_cascade_response"], undefined, []),
  entry: ({ shell, powershell }) => ({ command: shell, powershell, show_output: false }),
};

/** Two products, two files: the editor, and the plugin for JetBrains' editors. */
export const hooks: HookDescriptor = {
  signs: { folders: [".codeium/windsurf", ".windsurf"], binaries: ["windsurf"] },
  places: [
    { scope: "user", path: ({ home }) => join(home, ".codeium", "windsurf", "hooks.json"), format: FORMAT },
    { scope: "user", path: ({ home }) => join(home, ".codeium", "hooks.json"), format: FORMAT },
    { scope: "project", path: ({ repoRoot }) => join(repoRoot, ".windsurf", "hooks.json"), format: FORMAT },
  ],
};
