// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { AgentError } from "../agent-error.ts";
import type { HookDescriptor } from "../hooks/hook-descriptor.ts";
import { openCodePlugin } from "../hooks/opencode-plugin.ts";
import { shellCommands } from "../payload/claude-shape.ts";
import { fieldOf, textOf } from "../payload/json-value.ts";
import { sessionEvent, type ToolCall, toolEvent } from "../payload/tool-call.ts";
import { touchedFiles } from "../payload/touched-files.ts";

const TOOL = "opencode";
const EDITS: ReadonlySet<string> = new Set(["write", "edit", "multiedit", "apply_patch", "patch"]);
const SHELLS: ReadonlySet<string> = new Set(["bash", "shell"]);

/**
 * OpenCode has no hooks but plugins; ours passes its hook's `input` and `output` on as they are, and adds `event`,
 * `directory`, `model` and `parentID`, which only the plugin can know.
 * @throws AgentError FIELD_MISSING
 */
export function read(input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const event = textOf(payload, "event");
  const call = fieldOf(payload, "input");
  if (event === "session.idle" || event === "session.deleted")
    return endOf(input, event === "session.deleted");
  if (event !== "tool.execute.before" && event !== "tool.execute.after") {
    if (event === undefined) throw new AgentError("FIELD_MISSING", "the payload names no event");
    return undefined;
  }
  const toolName = textOf(call, "tool") ?? "";
  const action = SHELLS.has(toolName) ? "shell" : EDITS.has(toolName) ? "edit" : undefined;
  return action === undefined ? undefined : callOf(toolName, action, event === "tool.execute.before", input);
}

function callOf(
  toolName: string,
  action: "edit" | "shell",
  isBefore: boolean,
  input: HookInput,
): AgentEvent | undefined {
  const { payload } = input;
  const call = fieldOf(payload, "input");
  const output = fieldOf(payload, "output");
  const callArguments = fieldOf(output, "args") ?? fieldOf(call, "args");
  const files = action === "edit" ? touchedFiles(callArguments) : [];
  if (action === "edit" && files.length === 0) return undefined;
  const exit = fieldOf(fieldOf(output, "metadata"), "exit");
  const hasFailed = typeof exit === "number" && exit !== 0;
  const toolCall: ToolCall = {
    tool: TOOL,
    ...conversation(textOf(call, "sessionID"), textOf(payload, "parentID")),
    phase: isBefore ? "before" : hasFailed ? "failed" : "after",
    action,
    cwd: textOf(payload, "directory"),
    callId: textOf(call, "callID"),
    toolName,
    arguments: callArguments,
    files,
    commands: action === "shell" ? shellCommands(callArguments) : [],
    model: textOf(payload, "model"),
  };
  return toolEvent(toolCall, input);
}

/** A sub-agent has a session of its own, which its parent's created. */
function conversation(
  session: string | undefined,
  parent: string | undefined,
): Pick<ToolCall, "session" | "subAgent"> {
  return parent === undefined ? { session } : { session: parent, subAgent: session };
}

function endOf(input: HookInput, isFinal: boolean): AgentEvent {
  const { payload } = input;
  const of = {
    tool: TOOL,
    ...conversation(textOf(payload, "sessionID"), textOf(payload, "parentID")),
    cwd: textOf(payload, "directory"),
    isFinal,
  };
  return sessionEvent(of, input);
}

export const hooks: HookDescriptor = {
  signs: { folders: [".config/opencode", ".local/share/opencode"], binaries: ["opencode"] },
  places: [
    {
      scope: "user",
      path: ({ home, environment }) =>
        join(
          environment.XDG_CONFIG_HOME || join(home, ".config"),
          "opencode",
          "plugin",
          "countersign-record.js",
        ),
      format: { kind: "own-file", content: ({ words }) => openCodePlugin(words) },
    },
    {
      scope: "project",
      path: ({ repoRoot }) => join(repoRoot, ".opencode", "plugin", "countersign-record.js"),
      format: { kind: "own-file", content: ({ words }) => openCodePlugin(words) },
    },
  ],
};
