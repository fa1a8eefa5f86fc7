// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor, HookPlace } from "../hooks/hook-descriptor.ts";

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

/** A regular expression: `*`, which others take for everything, is none, and a rule with it is passed over in silence. */
const CALLS = "^(developer__)?(edit|write|text_editor|shell)$";
const MANIFEST = {
  name: "countersign-record",
  version: "1.0.0",
  description: "Records which lines Goose writes, for Countersign.",
};

function pluginPlaces(scope: "user" | "project"): readonly HookPlace[] {
  const file = (...names: readonly string[]): HookPlace["path"] => {
    return ({ home, repoRoot }) =>
      join(scope === "user" ? home : repoRoot, ".agents", "plugins", "countersign-record", ...names);
  };
  return [
    {
      scope,
      path: file("hooks", "hooks.json"),
      format: {
        kind: "own-file",
        content: ({ shell: command }) => {
          const handler = { hooks: [{ type: "command", command }] };
          const around = [{ matcher: CALLS, ...handler }];
          const calls = { PreToolUse: around, PostToolUse: around, PostToolUseFailure: around };
          const ends = { Stop: [handler], SessionEnd: [handler] };
          return `${JSON.stringify({ hooks: { ...calls, ...ends } }, null, 2)}\n`;
        },
      },
    },
    {
      scope,
      path: file("plugin.json"),
      format: { kind: "own-file", content: () => `${JSON.stringify(MANIFEST, null, 2)}\n` },
    },
  ];
}

export const hooks: HookDescriptor = {
  signs: { folders: [".config/goose", ".local/share/goose"], binaries: ["goose"] },
  places: [...pluginPlaces("user"), ...pluginPlaces("project")],
};
