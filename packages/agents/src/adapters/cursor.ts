// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor, JsonHooks } from "../hooks/hook-descriptor.ts";
import { hookEvents, TIMEOUT_SECONDS } from "../hooks/hook-formats.ts";

import { type ClaudeShape, type EventKind, readClaudeShape } from "../payload/claude-shape.ts";
import { listOf, textOf } from "../payload/json-value.ts";
import { type ToolCall, toolEvent } from "../payload/tool-call.ts";
import { touchedFiles } from "../payload/touched-files.ts";

const TOOL = "cursor";
const PHASES: Readonly<Record<string, EventKind>> = {
  preToolUse: "before",
  postToolUse: "after",
  postToolUseFailure: "failed",
  sessionStart: "turn",
  stop: "turn",
  subagentStop: "turn",
  sessionEnd: "final",
  // As hooks of Claude Code's configuration, which Cursor runs too, are called.
  PreToolUse: "before",
  PostToolUse: "after",
  PostToolUseFailure: "failed",
  Stop: "turn",
};

/** Cursor. After the documentation (cursor.com/docs/agent/hooks); the model is in every payload. */
const SHAPE: ClaudeShape = {
  tool: TOOL,
  session: "conversation_id",
  edits: new Set([
    "Write",
    "StrReplace",
    "Edit",
    "MultiEdit",
    "Delete",
    "ApplyPatch",
    "EditNotebook",
    "TabWrite",
  ]),
  shells: new Set(["Shell", "Bash", "run_terminal_cmd"]),
  phases: PHASES,
};

const UNPAIRED: ReadonlySet<string> = new Set(["afterFileEdit", "afterTabFileEdit"]);

export function read(input: HookInput): AgentEvent | undefined {
  const name = textOf(input.payload, "hook_event_name") ?? "";
  if (UNPAIRED.has(name)) return unpairedEdit(input);
  if (name === "beforeShellExecution" || name === "afterShellExecution") return shellEvent(name, input);
  return readClaudeShape(SHAPE, input);
}

/** Reported by versions without tool events, and for Tab completions: after the fact, with the pieces that were put in. */
function unpairedEdit(input: HookInput): AgentEvent | undefined {
  const files = touchedFiles(input.payload);
  if (files.length === 0) return undefined;
  return toolEvent({ ...baseOf(input), phase: "after", action: "edit", files, isUnpaired: true }, input);
}

function shellEvent(name: string, input: HookInput): AgentEvent {
  const command = textOf(input.payload, "command") ?? "";
  const phase = name === "beforeShellExecution" ? "before" : "after";
  const call: ToolCall = {
    ...baseOf(input),
    phase,
    action: "shell",
    files: [],
    commands: [command],
    arguments: command,
  };
  return toolEvent(call, input);
}

function baseOf({ payload }: HookInput) {
  const [root] = listOf(payload, "workspace_roots");
  return {
    tool: TOOL,
    session: textOf(payload, "conversation_id"),
    cwd: textOf(payload, "cwd") ?? (typeof root === "string" && root !== "" ? root : undefined),
    callId: undefined,
    toolName: "Shell",
    arguments: undefined,
    model: textOf(payload, "model"),
  };
}

/** Not afterFileEdit, which the tool events report too, and not afterTabFileEdit, which fires before a file is saved. */
const FORMAT: JsonHooks = {
  kind: "json",
  defaults: { version: 1 },
  events: hookEvents(
    ["preToolUse", "postToolUse", "postToolUseFailure"],
    "^(Write|StrReplace|Edit|MultiEdit|Delete|ApplyPatch|EditNotebook|Shell)$",
    ["stop", "subagentStop", "sessionEnd"],
  ),
  entry: ({ shell }, { matcher }) => ({
    command: shell,
    ...(matcher === undefined ? {} : { matcher }),
    timeout: TIMEOUT_SECONDS,
  }),
};

export const hooks: HookDescriptor = {
  signs: { folders: [".cursor"], binaries: ["cursor", "cursor-agent"] },
  places: [
    { scope: "user", path: ({ home }) => join(home, ".cursor", "hooks.json"), format: FORMAT },
    { scope: "project", path: ({ repoRoot }) => join(repoRoot, ".cursor", "hooks.json"), format: FORMAT },
  ],
};
