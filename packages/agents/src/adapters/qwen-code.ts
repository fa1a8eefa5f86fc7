// SPDX-License-Identifier: Apache-2.0
import { dirname, join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor } from "../hooks/hook-descriptor.ts";
import { hookEvents, matchedHooks } from "../hooks/hook-formats.ts";

import { type ClaudeShape, readClaudeShape, type ShapedCall } from "../payload/claude-shape.ts";
import { fieldOf, listOf, textOf } from "../payload/json-value.ts";
import { findEntry, isPlainName } from "../transcript/find-entry.ts";
import { displayedContents } from "./gemini-cli.ts";

/** Claude's event names on Gemini's tools. `tool_use_id` is the hook's own id, `tool_call_id` the transcript's. */
const SHAPE: ClaudeShape = {
  tool: "qwen-code",
  edits: new Set(["write_file", "edit", "replace", "notebook_edit"]),
  shells: new Set(["run_shell_command"]),
  contents: displayedContents,
  model,
};

export function read(input: HookInput): AgentEvent | undefined {
  return readClaudeShape(SHAPE, input);
}

/** The transcript's own word for the call; QWEN_CODE_MODEL, which Qwen sets for its hooks, where it has none. */
function model(call: ShapedCall, input: HookInput): string | undefined {
  const callId = textOf(call.payload, "tool_call_id");
  const path = transcriptOf(call);
  const told =
    call.kind !== "before" && callId !== undefined && path !== undefined
      ? findEntry(path, callId, (entry) => modelOfEntry(entry, callId))
      : undefined;
  return told ?? textOf(call.payload, "model") ?? input.environment.QWEN_CODE_MODEL;
}

function transcriptOf(call: ShapedCall): string | undefined {
  const transcript = textOf(call.payload, "transcript_path");
  const session = textOf(call.payload, "session_id");
  if (transcript === undefined || call.subAgent === undefined) return transcript;
  if (!isPlainName(call.subAgent) || !isPlainName(session)) return undefined;
  return join(dirname(dirname(transcript)), "subagents", session, `agent-${call.subAgent}.jsonl`);
}

function modelOfEntry(entry: unknown, callId: string): string | undefined {
  const isCall = listOf(fieldOf(entry, "message"), "parts").some(
    (part) => textOf(fieldOf(part, "functionCall"), "id") === callId,
  );
  return isCall ? textOf(entry, "model") : undefined;
}

const EVENTS = hookEvents(
  ["PreToolUse", "PostToolUse", "PostToolUseFailure"],
  "^(write_file|edit|replace|notebook_edit|run_shell_command)$",
  ["SessionStart", "Stop", "SubagentStop", "SessionEnd"],
);
/** In milliseconds. */
const TIMEOUT = 10_000;

export const hooks: HookDescriptor = {
  signs: { folders: [".qwen"], binaries: ["qwen"] },
  places: [
    {
      scope: "user",
      path: ({ home }) => join(home, ".qwen", "settings.json"),
      format: matchedHooks(EVENTS, TIMEOUT),
    },
    {
      scope: "project",
      path: ({ repoRoot }) => join(repoRoot, ".qwen", "settings.json"),
      format: matchedHooks(EVENTS, TIMEOUT),
    },
  ],
};
