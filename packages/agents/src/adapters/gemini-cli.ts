// SPDX-License-Identifier: Apache-2.0
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AgentEvent, TouchedFile } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor } from "../hooks/hook-descriptor.ts";
import { hookEvents, matchedHooks } from "../hooks/hook-formats.ts";

import {
  type ClaudeShape,
  type EventKind,
  readClaudeShape,
  type ShapedCall,
} from "../payload/claude-shape.ts";
import { fieldOf, isObject, textOf } from "../payload/json-value.ts";
import { findEntry, isPlainName } from "../transcript/find-entry.ts";

const PHASES: Readonly<Record<string, EventKind>> = {
  BeforeTool: "before",
  AfterTool: "after",
  SessionStart: "turn",
  AfterAgent: "turn",
  SessionEnd: "final",
};

const SHAPE: ClaudeShape = {
  tool: "gemini-cli",
  edits: new Set(["write_file", "replace", "edit", "smart_edit"]),
  shells: new Set(["run_shell_command"]),
  phases: PHASES,
  // No call id, and no mark of a sub-agent: its calls carry the session of its parent.
  callId: () => undefined,
  contents: displayedContents,
  isFailure: (response) => fieldOf(response, "error") !== undefined,
  model,
};

export function read(input: HookInput): AgentEvent | undefined {
  return readClaudeShape(SHAPE, input);
}

/** Qwen Code keeps this form. `originalContent` is empty both for a new file and for an empty one. */
export function displayedContents(call: ShapedCall): readonly TouchedFile[] {
  const display = fieldOf(call.response, "returnDisplay");
  const named = textOf(call.arguments, "file_path", "path");
  if (!isObject(display) || named === undefined) return [];
  const before = display.originalContent;
  const after = display.newContent;
  return [
    {
      path: named,
      ...(display.isNewFile === true ? { before: null } : typeof before === "string" ? { before } : {}),
      ...(typeof after === "string" ? { after } : {}),
      proposed: [],
    },
  ];
}

/**
 * The call is not in the transcript yet when its events fire, but the turn it belongs to is, with its model. While a
 * sub-agent runs, the newest turn stands in a file of its own, in a folder named after the session.
 */
function model(call: ShapedCall): string | undefined {
  const transcript = textOf(call.payload, "transcript_path");
  if (call.kind === "before" || transcript === undefined) return undefined;
  const session = textOf(call.payload, "session_id");
  const paths = [transcript, newestIn(isPlainName(session) ? join(dirname(transcript), session) : undefined)];
  const turns = paths.flatMap((path) =>
    path === undefined ? [] : (findEntry(path, '"gemini"', turnOf) ?? []),
  );
  return turns.reduce<Turn | undefined>((a, b) => (a && a.at >= b.at ? a : b), undefined)?.model;
}

interface Turn {
  readonly at: string;
  readonly model: string;
}

function turnOf(entry: unknown): Turn | undefined {
  const model = textOf(entry, "model");
  const at = textOf(entry, "timestamp");
  return textOf(entry, "type") === "gemini" && model && at ? { at, model } : undefined;
}

const MAX_SUB_AGENTS = 200;

function newestIn(folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  try {
    const files = readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .slice(-MAX_SUB_AGENTS);
    const timed = files.map((name) => ({
      path: join(folder, name),
      at: statSync(join(folder, name)).mtimeMs,
    }));
    return timed.sort((a, b) => b.at - a.at)[0]?.path;
  } catch {
    return undefined;
  }
}

const EVENTS = hookEvents(["BeforeTool", "AfterTool"], "^(write_file|replace|run_shell_command)$", [
  "SessionStart",
  "AfterAgent",
  "SessionEnd",
]);
/** In milliseconds, unlike most others. */
const TIMEOUT = 10_000;

export const hooks: HookDescriptor = {
  signs: { folders: [".gemini"], binaries: ["gemini"] },
  places: [
    {
      scope: "user",
      path: ({ home }) => join(home, ".gemini", "settings.json"),
      format: matchedHooks(EVENTS, TIMEOUT),
    },
    {
      scope: "project",
      path: ({ repoRoot }) => join(repoRoot, ".gemini", "settings.json"),
      format: matchedHooks(EVENTS, TIMEOUT),
    },
  ],
};
