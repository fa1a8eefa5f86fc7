// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent, TouchedFile } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor } from "../hooks/hook-descriptor.ts";
import { hookEvents, matchedHooks } from "../hooks/hook-formats.ts";

import { type ClaudeShape, readClaudeShape, type ShapedCall } from "../payload/claude-shape.ts";
import { fieldOf, isObject, listOf, textOf } from "../payload/json-value.ts";
import { awaitEntry } from "../transcript/await-entry.ts";
import { isPlainName } from "../transcript/find-entry.ts";

const TOOL = "claude-code";
const EDITS: ReadonlySet<string> = new Set(["Write", "Edit", "MultiEdit", "NotebookEdit"]);
/** Tools of MCP servers that write files: only those whose name says so, and only if they name a file. */
const MCP_EDIT = /^mcp__.*__(?:write|edit|create|replace|insert|patch|apply|move|rename|delete)/;

const SHAPE: ClaudeShape = {
  tool: TOOL,
  edits: (name) => EDITS.has(name) || MCP_EDIT.test(name),
  shells: new Set(["Bash", "PowerShell"]),
  contents,
  model,
};

/** Claude Code 2.1. Hook payloads: code.claude.com/docs/en/hooks, and the recorded ones in testdata. */
export function read(input: HookInput): AgentEvent | undefined {
  return readClaudeShape(SHAPE, input);
}

function contents(call: ShapedCall): readonly TouchedFile[] {
  const path = textOf(call.response, "filePath");
  if (path === undefined || !isObject(call.response)) return [];
  const before = call.response.originalFile;
  const after = textOf(call.response, "content");
  return [
    {
      path,
      ...(before === null || typeof before === "string" ? { before } : {}),
      ...(after === undefined ? {} : { after }),
      proposed: [],
    },
  ];
}

/**
 * The payload never names the model; the transcript does, in the entry that holds the call, and it is there by the
 * time the call is over, or a moment later. A sub-agent has a transcript of its own beside its parent's.
 */
function model(call: ShapedCall): string | undefined {
  const transcript = textOf(call.payload, "transcript_path");
  if (call.kind === "before" || call.callId === undefined || transcript === undefined) return undefined;
  const path = transcriptOf(transcript, call.subAgent);
  return path === undefined
    ? undefined
    : awaitEntry(path, call.callId, (entry) => modelOfEntry(entry, call.callId));
}

function transcriptOf(transcript: string, subAgent: string | undefined): string | undefined {
  if (subAgent === undefined) return transcript;
  if (!isPlainName(subAgent)) return undefined;
  return `${transcript.replace(/\.jsonl$/, "")}/subagents/agent-${subAgent}.jsonl`;
}

function modelOfEntry(entry: unknown, callId: string | undefined): string | undefined {
  const message = fieldOf(entry, "message");
  if (textOf(entry, "type") !== "assistant") return undefined;
  const isCall = listOf(message, "content").some(
    (part) => textOf(part, "type") === "tool_use" && textOf(part, "id") === callId,
  );
  return isCall ? textOf(message, "model") : undefined;
}

/** Never WorktreeCreate, whose silence fails the work tree, and never MessageDisplay, which fires for every message. */
const EVENTS = hookEvents(
  ["PreToolUse", "PostToolUse", "PostToolUseFailure"],
  "^(Edit|MultiEdit|Write|NotebookEdit|Bash|PowerShell|mcp__.*__(write|edit|create|replace|insert|patch|apply|move|rename|delete).*)$",
  ["SessionStart", "Stop", "SubagentStop", "SessionEnd"],
);

/** For the user first: settings of a project are missing in its other work trees, which `claude --worktree` makes. */
export const hooks: HookDescriptor = {
  signs: { folders: [".claude"], binaries: ["claude"] },
  places: [
    {
      scope: "user",
      path: ({ home, environment }) =>
        join(environment.CLAUDE_CONFIG_DIR || join(home, ".claude"), "settings.json"),
      format: matchedHooks(EVENTS),
    },
    {
      scope: "local",
      path: ({ repoRoot }) => join(repoRoot, ".claude", "settings.local.json"),
      format: matchedHooks(EVENTS),
    },
    {
      scope: "project",
      path: ({ repoRoot }) => join(repoRoot, ".claude", "settings.json"),
      format: matchedHooks(EVENTS),
    },
  ],
};
