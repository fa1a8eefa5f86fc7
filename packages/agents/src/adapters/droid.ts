// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor } from "../hooks/hook-descriptor.ts";
import { hookEvents, matchedHooks } from "../hooks/hook-formats.ts";

import { type ClaudeShape, readClaudeShape, type ShapedCall } from "../payload/claude-shape.ts";
import { textOf } from "../payload/json-value.ts";
import { readBounded } from "../transcript/lines-from-end.ts";

const MAX_SETTINGS = 1024 * 1024;

/** Factory's Droid. After the documentation (docs.factory.ai, hooks): Claude's events on tools of its own. */
const SHAPE: ClaudeShape = {
  tool: "droid",
  edits: new Set(["Create", "Edit", "MultiEdit", "Write", "ApplyPatch", "NotebookEdit"]),
  shells: new Set(["Execute", "Bash"]),
  model,
};

export function read(input: HookInput): AgentEvent | undefined {
  return readClaudeShape(SHAPE, input);
}

/** The session's settings stand beside its transcript and hold the model in use. */
function model(call: ShapedCall): string | undefined {
  const transcript = textOf(call.payload, "transcript_path", "transcriptPath");
  if (call.kind === "before" || !transcript?.endsWith(".jsonl")) return undefined;
  const settings = readBounded(`${transcript.slice(0, -".jsonl".length)}.settings.json`, MAX_SETTINGS);
  try {
    return settings === undefined ? undefined : textOf(JSON.parse(settings), "model");
  } catch {
    return undefined;
  }
}

const EVENTS = hookEvents(
  ["PreToolUse", "PostToolUse"],
  "^(Create|Edit|MultiEdit|Write|ApplyPatch|NotebookEdit|Execute|Bash)$",
  ["SessionStart", "Stop", "SubagentStop", "SessionEnd"],
);

export const hooks: HookDescriptor = {
  signs: { folders: [".factory"], binaries: ["droid"] },
  places: [
    {
      scope: "user",
      path: ({ home }) => join(home, ".factory", "settings.json"),
      format: matchedHooks(EVENTS),
    },
    {
      scope: "project",
      path: ({ repoRoot }) => join(repoRoot, ".factory", "settings.json"),
      format: matchedHooks(EVENTS),
    },
  ],
};
