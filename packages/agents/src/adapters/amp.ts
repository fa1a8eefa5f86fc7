// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import type { AgentEvent, TouchedFile } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { ampPlugin } from "../hooks/amp-plugin.ts";
import type { HookDescriptor } from "../hooks/hook-descriptor.ts";

import { type ClaudeShape, readClaudeShape, type ShapedCall } from "../payload/claude-shape.ts";
import { fieldOf, listOf, textOf } from "../payload/json-value.ts";
import { isPlainName } from "../transcript/find-entry.ts";
import { readBounded } from "../transcript/lines-from-end.ts";

const MAX_THREAD = 16 * 1024 * 1024;

/** Amp. Its plugin API is marked as experimental by its makers; our plugin sends Claude's form. */
const SHAPE: ClaudeShape = {
  tool: "amp",
  session: "thread_id",
  edits: new Set([
    "Write",
    "Edit",
    "MultiEdit",
    "create_file",
    "edit_file",
    "apply_patch",
    "undo_edit",
    "format_file",
  ]),
  shells: new Set(["Bash", "shell_command"]),
  contents: reportedFiles,
  isFailure: () => false,
  model,
};

export function read(input: HookInput): AgentEvent | undefined {
  return readClaudeShape(SHAPE, input);
}

/** Amp's own word on which files a call changes, for tools whose arguments do not say. */
function reportedFiles(call: ShapedCall): readonly TouchedFile[] {
  return listOf(call.payload, "edited_filepaths").flatMap((path) =>
    typeof path === "string" && path !== "" ? [{ path, proposed: [] }] : [],
  );
}

function model(call: ShapedCall, input: HookInput): string | undefined {
  const thread = textOf(call.payload, "thread_id");
  if (call.kind === "before" || call.callId === undefined || !isPlainName(thread)) return undefined;
  const data = input.environment.XDG_DATA_HOME || join(input.home, ".local", "share");
  const text = readBounded(join(data, "amp", "threads", `${thread}.json`), MAX_THREAD);
  try {
    const message = listOf(text === undefined ? {} : JSON.parse(text), "messages").findLast((candidate) =>
      listOf(candidate, "content").some((part) => textOf(part, "id") === call.callId),
    );
    return textOf(fieldOf(message, "usage"), "model");
  } catch {
    return undefined;
  }
}

export const hooks: HookDescriptor = {
  signs: { folders: [".config/amp", ".local/share/amp"], binaries: ["amp"] },
  places: [
    {
      scope: "user",
      path: ({ home, environment }) =>
        join(environment.XDG_CONFIG_HOME || join(home, ".config"), "amp", "plugins", "countersign-record.ts"),
      format: { kind: "own-file", content: ({ words }) => ampPlugin(words) },
    },
  ],
};
