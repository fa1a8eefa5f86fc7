// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor } from "../hooks/hook-descriptor.ts";
import { hookEvents, matchedHooks } from "../hooks/hook-formats.ts";

import { type ClaudeShape, readClaudeShape } from "../payload/claude-shape.ts";
import { textOf } from "../payload/json-value.ts";

/**
 * Codex names the model in every payload, reports both its classic calls and those nested in code mode in one form, and
 * wraps its patches as `{command: "*** Begin Patch…"}`. A failed patch has no event after it; a command's exit code is in
 * no payload.
 */
const SHAPE: ClaudeShape = {
  tool: "codex",
  edits: new Set(["apply_patch"]),
  shells: new Set([
    "Bash",
    "exec_command",
    "shell",
    "shell_command",
    "local_shell",
    "unified_exec",
    "write_stdin",
  ]),
};

export function read(input: HookInput): AgentEvent | undefined {
  // The `notify` program of older installations gets other JSON; it tells nothing of files.
  if (textOf(input.payload, "type") === "agent-turn-complete") return undefined;
  return readClaudeShape(SHAPE, input);
}

const EVENTS = hookEvents(["PreToolUse", "PostToolUse"], "^(apply_patch|Bash)$", [
  "SessionStart",
  "Stop",
  "SubagentStop",
  "SessionEnd",
]);

export const hooks: HookDescriptor = {
  signs: { folders: [".codex"], binaries: ["codex"] },
  places: [
    {
      scope: "user",
      path: ({ home, environment }) => join(environment.CODEX_HOME || join(home, ".codex"), "hooks.json"),
      format: matchedHooks(EVENTS),
    },
    {
      scope: "project",
      path: ({ repoRoot }) => join(repoRoot, ".codex", "hooks.json"),
      format: matchedHooks(EVENTS),
    },
  ],
  note: "Codex runs no hook that nobody trusted, and does not say so: start codex, enter /hooks and trust those of countersign-record. It asks again whenever they change.",
};
