// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor, OwnFile } from "../hooks/hook-descriptor.ts";
import { TIMEOUT_SECONDS } from "../hooks/hook-formats.ts";

import { canonical } from "../payload/call-key.ts";
import { isRunning, shellCommands } from "../payload/claude-shape.ts";
import { fieldOf, type JsonObject, textOf } from "../payload/json-value.ts";
import { sessionEvent, type ToolCall, toolEvent } from "../payload/tool-call.ts";
import { touchedFiles } from "../payload/touched-files.ts";
import { findEntry, isPlainName } from "../transcript/find-entry.ts";
import { queryRows } from "../transcript/query-rows.ts";

const TOOL = "github-copilot";
const EDITS: ReadonlySet<string> = new Set([
  "create",
  "edit",
  "str_replace_editor",
  "apply_patch",
  "insert",
  "str_replace",
]);
const SHELLS: ReadonlySet<string> = new Set(["bash", "powershell", "write_bash", "write_powershell"]);
/** Events registered in PascalCase get Claude's tool names on Copilot's arguments: one call, two spellings. */
const NATIVE: Readonly<Record<string, string>> = { Write: "create", Edit: "edit", Bash: "bash" };

/**
 * Copilot CLI. Its camelCase payloads do not name the event: what they hold tells which one it is. A tool's result came
 * after, an error failed, neither was before; without a tool it is the end or the start of something.
 */
export function read(input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const name = textOf(payload, "toolName", "tool_name");
  // permissionRequest: sent between the two, for a call they report too.
  if (textOf(payload, "hookName") === "permissionRequest") return undefined;
  if (name === undefined) return endOf(input);
  const toolName = Object.hasOwn(NATIVE, name) ? (NATIVE[name] ?? name) : name;
  const action = SHELLS.has(toolName) ? "shell" : EDITS.has(toolName) ? "edit" : undefined;
  return action === undefined ? undefined : callOf(toolName, action, input);
}

function callOf(toolName: string, action: "edit" | "shell", input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const callArguments = parsedArguments(fieldOf(payload, "toolArgs", "tool_input", "toolInput"));
  const files = action === "edit" ? touchedFiles(callArguments) : [];
  if (action === "edit" && files.length === 0) return undefined;
  const phase = phaseOf(payload);
  const call: ToolCall = {
    tool: TOOL,
    session: sessionOf(payload),
    subAgent: textOf(payload, "agentId", "agent_id"),
    phase,
    action,
    cwd: textOf(payload, "cwd"),
    callId: textOf(payload, "toolCallId", "tool_call_id", "tool_use_id"),
    toolName,
    arguments: callArguments,
    files,
    commands: action === "shell" ? shellCommands(callArguments) : [],
    model: phase === "before" ? undefined : modelOf(toolName, callArguments, input),
    isRunning: action === "shell" && isRunning(callArguments),
  };
  return toolEvent(call, input);
}

/** `toolArgs` is an object; a patch is a string; older versions sent JSON in a string. */
function parsedArguments(value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith("{")) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function phaseOf(payload: JsonObject): "before" | "after" | "failed" {
  if (fieldOf(payload, "error") !== undefined) return "failed";
  const result = fieldOf(payload, "toolResult", "tool_result");
  if (result === undefined) return "before";
  const type = textOf(result, "resultType", "result_type");
  return type === "failure" || type === "denied" ? "failed" : "after";
}

/** A sub-agent's events carry its own id as session; the conversation is its parent's. */
function sessionOf(payload: JsonObject): string | undefined {
  return textOf(payload, "parentAgentId", "parent_agent_id") ?? textOf(payload, "sessionId", "session_id");
}

/** Stop, end and start are told apart by their fields; a prompt, a notification and the rest are of no interest. */
function endOf(input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const isTurn = fieldOf(payload, "stopReason", "stop_reason") !== undefined;
  const isStart = textOf(payload, "source") !== undefined;
  const isFinal = textOf(payload, "reason") !== undefined;
  if (!isTurn && !isStart && !isFinal) return undefined;
  const of = {
    tool: TOOL,
    session: sessionOf(payload),
    subAgent: textOf(payload, "agentId", "agent_id"),
    cwd: textOf(payload, "cwd"),
    isFinal,
  };
  return sessionEvent(of, input);
}

/**
 * The payload names neither model nor call. The store of usage has a row for every answer of the model, before the calls in
 * it are made: the newest of this agent is this call's. COPILOT_MODEL is the user's wish at the start, not what ran.
 */
function modelOf(toolName: string, callArguments: unknown, input: HookInput): string | undefined {
  const session = sessionOf(input.payload);
  if (!isPlainName(session)) return undefined;
  const home = input.environment.COPILOT_HOME || join(input.home, ".copilot");
  const rows = queryRows(
    join(home, "session-store.db"),
    "SELECT model FROM assistant_usage_events WHERE session_id = ? AND agent_id IS ? ORDER BY id DESC LIMIT 1",
    [session, textOf(input.payload, "agentId", "agent_id") ?? null],
  );
  return (
    textOf(rows[0], "model") ?? loggedModel(join(home, "session-state", session), toolName, callArguments)
  );
}

/** Versions without that store: the session's log, which is written late; the start of a tool with these very arguments. */
function loggedModel(folder: string, toolName: string, callArguments: unknown): string | undefined {
  const wanted = JSON.stringify(canonical(callArguments));
  return findEntry(join(folder, "events.jsonl"), '"tool.execution_start"', (entry) => {
    const data = fieldOf(entry, "data");
    const isCall =
      textOf(entry, "type") === "tool.execution_start" &&
      textOf(data, "toolName") === toolName &&
      JSON.stringify(canonical(fieldOf(data, "arguments"))) === wanted;
    return isCall ? textOf(data, "model") : undefined;
  });
}

const EVENTS = ["preToolUse", "postToolUse", "postToolUseFailure", "agentStop", "subagentStop", "sessionEnd"];

/** Hook files of Copilot CLI, which VS Code runs too; there are no matchers. */
export const COPILOT_FILE: OwnFile = {
  kind: "own-file",
  content: ({ shell, powershell }) => {
    const entry = { type: "command", bash: shell, powershell, timeoutSec: TIMEOUT_SECONDS };
    const hooks = Object.fromEntries(EVENTS.map((event) => [event, [entry]]));
    return `${JSON.stringify({ version: 1, hooks }, null, 2)}\n`;
  },
};

export const hooks: HookDescriptor = {
  signs: { folders: [".copilot"], binaries: ["copilot"] },
  places: [
    {
      scope: "user",
      path: ({ home, environment }) =>
        join(environment.COPILOT_HOME || join(home, ".copilot"), "hooks", "countersign-record.json"),
      format: COPILOT_FILE,
    },
    {
      scope: "project",
      path: ({ repoRoot }) => join(repoRoot, ".github", "hooks", "countersign-record.json"),
      format: COPILOT_FILE,
    },
  ],
};
