// SPDX-License-Identifier: Apache-2.0
import type { AgentEvent, TouchedFile } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { AgentError } from "../agent-error.ts";
import { fieldOf, isObject, type JsonObject, listOf, textOf } from "../payload/json-value.ts";
import { readFiles, readFolder, toolEvent } from "../payload/tool-call.ts";

/** git-ai's names for agents that the registry of tools calls otherwise. */
const TOOLS: Readonly<Record<string, string>> = {
  claude: "claude-code",
  "claude-web": "claude-code",
  copilot: "github-copilot",
  "github-copilot-cli": "github-copilot",
  "github-copilot-agent": "github-copilot",
  gemini: "gemini-cli",
  "codex-cloud": "codex",
  "cursor-agent": "cursor",
  "continue-cli": "continue",
  qwen: "qwen-code",
};

/**
 * The form in which anything can report to git-ai (`git-ai checkpoint agent-v1`), and so to us; also what its editor
 * extensions send as `known_human`. Edits are reported after the fact, without a call; commands around it.
 * @throws AgentError FIELD_MISSING, FIELD_INVALID
 */
export function read(input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const type = textOf(payload, "type") ?? (textOf(payload, "editor") === undefined ? undefined : "human");
  switch (type) {
    case "human":
      return humanEvent(input);
    case "ai_agent":
      return editEvent(input);
    case "pre_shell_command":
      return shellEvent("before", input);
    case "post_shell_command":
      return shellEvent("after", input);
    case undefined:
      throw new AgentError("FIELD_MISSING", 'the payload has no type, such as "ai_agent"');
    default:
      throw new AgentError(
        "FIELD_INVALID",
        'the type of the payload is none of "human", "ai_agent", "pre_shell_command", "post_shell_command"',
      );
  }
}

/** What stands in these files now and no agent wrote is a person's, says whoever sends this. */
function humanEvent(input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const files = filesOf(payload, "will_edit_filepaths", "edited_filepaths");
  if (files.length === 0) return undefined;
  return {
    tool: "human",
    session: "",
    subAgent: null,
    phase: "human",
    action: "edit",
    callKey: "",
    cwd: readFolder(textOf(payload, "repo_working_dir", "cwd"), input),
    files: readFiles(files),
    folders: [],
    model: null,
  };
}

function editEvent(input: HookInput): AgentEvent {
  const files = filesOf(input.payload, "edited_filepaths");
  if (files.length === 0)
    throw new AgentError("FIELD_MISSING", "an ai_agent payload names no files (edited_filepaths)");
  const call = { phase: "after", action: "edit", callId: undefined, arguments: undefined, files } as const;
  return toolEvent({ ...agentOf(input), ...call, isUnpaired: true }, input);
}

function shellEvent(phase: "before" | "after", input: HookInput): AgentEvent {
  const command = textOf(input.payload, "command");
  const call = {
    phase,
    action: "shell",
    callId: textOf(input.payload, "tool_use_id"),
    arguments: command,
    files: [],
    commands: command === undefined ? [] : [command],
  } as const;
  return toolEvent({ ...agentOf(input), ...call }, input);
}

function agentOf({ payload }: HookInput) {
  const name = textOf(payload, "agent_name");
  const session = textOf(payload, "conversation_id");
  if (name === undefined || session === undefined)
    throw new AgentError("FIELD_MISSING", "the payload lacks agent_name or conversation_id");
  return {
    tool: toolOf(name),
    session,
    cwd: textOf(payload, "repo_working_dir"),
    toolName: "shell",
    model: textOf(payload, "model"),
  };
}

/** In kebab-case, as tools are named in trailers. */
function toolOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);
  if (slug === "") throw new AgentError("FIELD_INVALID", "agent_name holds no letter and no digit");
  return Object.hasOwn(TOOLS, slug) ? (TOOLS[slug] ?? slug) : slug;
}

/** `dirty_files` holds texts that are not saved yet: they count before what is on disk. */
function filesOf(payload: JsonObject, ...names: readonly string[]): readonly TouchedFile[] {
  const texts = fieldOf(payload, "dirty_files");
  const paths = listOf(payload, ...names);
  if (paths.some((path) => typeof path !== "string" || path === ""))
    throw new AgentError("FIELD_INVALID", "a path in the payload is not a text");
  return paths.map((path) => {
    const text = isObject(texts) && Object.hasOwn(texts, path as string) ? texts[path as string] : undefined;
    return { path: path as string, ...(typeof text === "string" ? { after: text } : {}), proposed: [] };
  });
}
