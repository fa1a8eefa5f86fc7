// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { AgentError } from "../agent-error.ts";
import type { HookDescriptor } from "../hooks/hook-descriptor.ts";
import { isRunning, shellCommands } from "../payload/claude-shape.ts";
import { fieldOf, isObject, type JsonObject, listOf, textOf } from "../payload/json-value.ts";
import { sessionEvent, type ToolCall, toolEvent } from "../payload/tool-call.ts";
import { touchedFiles } from "../payload/touched-files.ts";
import { isPlainName } from "../transcript/find-entry.ts";
import { readBounded } from "../transcript/lines-from-end.ts";

const TOOL = "cline";
const EDITS: ReadonlySet<string> = new Set([
  "editor",
  "write_to_file",
  "replace_in_file",
  "new_file",
  "apply_patch",
  "edit_file",
]);
const SHELLS: ReadonlySet<string> = new Set(["run_commands", "execute_command", "bash"]);
const MAX_TRANSCRIPT = 8 * 1024 * 1024;

/**
 * Cline. The command line's payload holds the call twice, as `tool_call`/`tool_result` and as `preToolUse`/`postToolUse`,
 * where arguments are JSON in strings; the editor's has only the second form.
 * @throws AgentError FIELD_MISSING
 */
export function read(input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const isAfter = fieldOf(payload, "tool_result", "postToolUse") !== undefined;
  const call = fieldOf(payload, "tool_call", "tool_result");
  const plain = fieldOf(payload, "preToolUse", "postToolUse");
  if (call === undefined && plain === undefined) return endOf(input);
  const toolName = textOf(call, "name") ?? textOf(plain, "toolName", "tool");
  if (toolName === undefined) throw new AgentError("FIELD_MISSING", "the payload names no tool");
  const action = SHELLS.has(toolName) ? "shell" : EDITS.has(toolName) ? "edit" : undefined;
  const callArguments = fieldOf(call, "input") ?? unwrapped(fieldOf(plain, "parameters"));
  const files = action === "edit" ? touchedFiles(callArguments) : [];
  if (action === undefined || (action === "edit" && files.length === 0)) return undefined;
  const toolCall: ToolCall = {
    tool: TOOL,
    ...conversation(payload),
    phase: isAfter ? (hasFailed(call, plain) ? "failed" : "after") : "before",
    action,
    cwd: folderOf(payload),
    callId: textOf(call, "id"),
    toolName,
    arguments: callArguments,
    files,
    commands: action === "shell" ? shellCommands(callArguments) : [],
    model: modelOf(payload) ?? (isAfter ? transcriptModel(textOf(call, "id"), input) : undefined),
    isRunning: action === "shell" && isRunning(callArguments),
  };
  return toolEvent(toolCall, input);
}

/** A sub-agent has a task of its own; all tasks of a conversation share the root's session. */
function conversation(payload: JsonObject): Pick<ToolCall, "session" | "subAgent"> {
  const session = textOf(fieldOf(payload, "sessionContext"), "rootSessionId") ?? textOf(payload, "taskId");
  const isSub = textOf(payload, "parent_agent_id") !== undefined;
  return { session, subAgent: isSub ? textOf(payload, "agent_id") : undefined };
}

function folderOf(payload: JsonObject): string | undefined {
  const [root] = listOf(payload, "workspaceRoots");
  return typeof root === "string" && root !== ""
    ? root
    : textOf(fieldOf(payload, "workspaceInfo"), "rootPath");
}

function unwrapped(parameters: unknown): unknown {
  if (!isObject(parameters)) return parameters;
  return Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, listInText(value)]));
}

function listInText(value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith("[")) return value;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list : value;
  } catch {
    return value;
  }
}

/** `postToolUse.success` is true for a failed edit as well; what the tool itself answered is right. */
function hasFailed(call: unknown, plain: unknown): boolean {
  const output = fieldOf(call, "output");
  const answers = Array.isArray(output) ? output : [output];
  return answers.some((answer) => isObject(answer) && answer.success === false) || isFalse(plain);
}

function isFalse(plain: unknown): boolean {
  return isObject(plain) && plain.success === false;
}

function endOf(input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const name = textOf(payload, "hookName") ?? "";
  const ends = ["agent_end", "agent_start", "agent_error", "agent_abort", "session_shutdown"];
  const older = ["TaskStart", "TaskResume", "TaskCancel", "TaskComplete", "TaskError", "SessionShutdown"];
  if (![...ends, ...older].includes(name)) return undefined;
  const isFinal = /shutdown/i.test(name);
  return sessionEvent({ tool: TOOL, ...conversation(payload), cwd: folderOf(payload), isFinal }, input);
}

function modelOf(payload: JsonObject): string | undefined {
  const model = fieldOf(payload, "model");
  return typeof model === "string" ? model : textOf(model, "slug", "id");
}

/** The session's file is one JSON document; a sub-agent's stands beside its parent's. */
function transcriptModel(callId: string | undefined, input: HookInput): string | undefined {
  const session = textOf(fieldOf(input.payload, "sessionContext"), "rootSessionId");
  const agent = textOf(input.payload, "agent_id");
  const isSub = textOf(input.payload, "parent_agent_id") !== undefined;
  if (callId === undefined || !isPlainName(session) || (isSub && !isPlainName(agent))) return undefined;
  const folder = join(input.environment.CLINE_DIR || join(input.home, ".cline"), "data", "sessions", session);
  const names = isSub
    ? [`${agent}.messages.json`, `${session}__${agent}.messages.json`]
    : [`${session}.messages.json`];
  const texts = names.map((name) => readBounded(join(folder, name), MAX_TRANSCRIPT));
  return modelOfCall(
    texts.find((text) => text !== undefined),
    callId,
  );
}

function modelOfCall(text: string | undefined, callId: string): string | undefined {
  if (text === undefined) return undefined;
  try {
    const message = listOf(JSON.parse(text), "messages").findLast((candidate) =>
      listOf(candidate, "content").some((part) => textOf(part, "id") === callId),
    );
    return textOf(fieldOf(message, "modelInfo"), "id");
  } catch {
    return undefined;
  }
}

/** One program for each event, named after it. */
const EVENTS = ["PreToolUse", "PostToolUse", "TaskComplete", "TaskCancel", "TaskError", "SessionShutdown"];

export const hooks: HookDescriptor = {
  signs: { folders: [".cline"], binaries: ["cline"] },
  places: EVENTS.map((event) => ({
    scope: "user" as const,
    path: ({ home, environment }) => join(environment.CLINE_DIR || join(home, ".cline"), "hooks", event),
    format: {
      kind: "own-file" as const,
      isExecutable: true,
      content: ({ shell }) => `#!/bin/sh\n# Written by countersign init.\n${shell}\n`,
    },
  })),
};
