// SPDX-License-Identifier: Apache-2.0
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { type ClaudeShape, readClaudeShape } from "../payload/claude-shape.ts";
import { fieldOf, textOf } from "../payload/json-value.ts";

/** Tools of Goose's developer extension; its older editor is one tool for reading and writing. */
const SHAPE: ClaudeShape = {
  tool: "goose",
  edits: (name) => /^(?:developer__)?(?:edit|write|text_editor)$/.test(name),
  shells: new Set(["developer__shell", "shell"]),
  callId: (payload) => textOf(payload, "tool_call_id", "tool_use_id"),
};

/** Goose. After the documentation (block/goose, guides/context-engineering/hooks). It names no model. */
export function read(input: HookInput): AgentEvent | undefined {
  if (textOf(fieldOf(input.payload, "tool_input"), "command") === "view") return undefined;
  return readClaudeShape(SHAPE, input);
}
