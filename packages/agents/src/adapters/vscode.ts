// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent, TouchedFile } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor } from "../hooks/hook-descriptor.ts";
import { type ClaudeShape, readClaudeShape, type ShapedCall } from "../payload/claude-shape.ts";
import { fieldOf, isObject, listOf, textOf } from "../payload/json-value.ts";
import { type ToolCall, toolEvent } from "../payload/tool-call.ts";
import { findEntry } from "../transcript/find-entry.ts";
import { COPILOT_FILE } from "./copilot-cli.ts";

const TOOL = "github-copilot";

const EDITS: ReadonlySet<string> = new Set([
  "create_file",
  "editFiles",
  "createFile",
  "insert_edit_into_file",
  "replace_string_in_file",
  "multi_replace_string_in_file",
  "apply_patch",
  "edit_notebook_file",
  "create_new_jupyter_notebook",
  "rename_file",
  "delete_file",
]);

/**
 * Agents of VS Code (Copilot, local harness). After the documentation (code.visualstudio.com/docs/agent-customization/hooks).
 * It runs hooks of Claude's and Copilot CLI's configuration too, and takes no notice of matchers.
 */
const SHAPE: ClaudeShape = {
  tool: TOOL,
  edits: (name) => EDITS.has(name.replace(/^copilot_/, "")),
  shells: new Set([
    "run_in_terminal",
    "runInTerminal",
    "runTerminalCommand",
    "create_and_run_task",
    "run_task",
    "runTask",
  ]),
  model,
};

export function read(input: HookInput): AgentEvent | undefined {
  const name = textOf(input.payload, "hook_event_name", "hookEventName");
  if (name === "before_edit" || name === "after_edit") return editorEdit(name, input);
  return readClaudeShape(SHAPE, input);
}

/** What git-ai's editor extension sends: lists of files, and the texts of those not saved yet. */
function editorEdit(name: "before_edit" | "after_edit", input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const isBefore = name === "before_edit";
  const paths = listOf(payload, isBefore ? "will_edit_filepaths" : "edited_filepaths");
  const texts = fieldOf(payload, "dirty_files", "dirtyFiles");
  const files = paths
    .filter((path) => typeof path === "string" && path !== "")
    .map((path) => dirtyFile(path as string, texts, isBefore));
  if (files.length === 0) return undefined;
  const call: ToolCall = {
    tool: TOOL,
    session: textOf(payload, "chat_session_id", "session_id", "chatSessionId", "sessionId"),
    phase: isBefore ? "before" : "after",
    action: "edit",
    cwd: textOf(payload, "workspace_folder", "workspaceFolder"),
    callId: undefined,
    toolName: "edit",
    arguments: paths,
    files,
    model: textOf(payload, "model"),
  };
  return toolEvent(call, input);
}

function dirtyFile(path: string, texts: unknown, isBefore: boolean): TouchedFile {
  const text = isObject(texts) && Object.hasOwn(texts, path) ? texts[path] : undefined;
  if (typeof text !== "string") return { path, proposed: [] };
  return isBefore ? { path, before: text, proposed: [] } : { path, after: text, proposed: [] };
}

/** A transcript of the new runtime names the model where the call starts; older ones do not name it at all. */
function model(call: ShapedCall): string | undefined {
  const transcript = textOf(call.payload, "transcript_path", "transcriptPath");
  if (call.kind === "before" || transcript === undefined || call.callId === undefined) return undefined;
  // The editor's own suffix; the transcript has the model's id.
  const callId = call.callId.replace(/__vscode-\d+$/, "");
  return findEntry(transcript, callId, (entry) => {
    const data = fieldOf(entry, "data");
    return textOf(data, "toolCallId") === callId ? textOf(data, "model") : undefined;
  });
}

/** The same file as Copilot CLI's, word for word: both read it, and the payload tells which of them calls. */
export const hooks: HookDescriptor = {
  signs: { folders: [".vscode", ".vscode-server"], binaries: ["code", "code-insiders"] },
  places: [
    {
      scope: "user",
      path: ({ home, environment }) =>
        join(environment.COPILOT_HOME || join(home, ".copilot"), "hooks", "countersign-record.json"),
      format: { ...COPILOT_FILE, agent: "copilot-cli" },
    },
  ],
};
