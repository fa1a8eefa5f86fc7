// SPDX-License-Identifier: Apache-2.0
import type { AgentEvent, TouchedFile } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { AgentError } from "../agent-error.ts";
import { fieldOf, isObject, listOf, textOf } from "./json-value.ts";
import { sessionEvent, toolEvent } from "./tool-call.ts";
import { touchedFiles } from "./touched-files.ts";

/** What differs between agents that report in the way Claude Code made common: one event name, one tool, its input. */
export interface ClaudeShape {
  readonly tool: string;
  /** Tools that change the files they name. */
  readonly edits: ReadonlySet<string> | ((toolName: string) => boolean);
  /** Tools that run commands, and so may change anything. */
  readonly shells: ReadonlySet<string>;
  /** Event name → phase, for names other than Claude's. */
  readonly phases?: Readonly<Record<string, EventKind>>;
  /** Field of the conversation's id, where it is not `session_id`. */
  readonly session?: string;
  /** Call id, where it is not in `tool_use_id`. */
  readonly callId?: (payload: unknown) => string | undefined;
  /** Whole contents that the payload holds; only asked for edits. */
  readonly contents?: (call: ShapedCall) => readonly TouchedFile[];
  /** Whether an `after` event reports a failure after all. */
  readonly isFailure?: (response: unknown) => boolean;
  /** The model of this event; transcripts are only worth reading once a call is over. */
  readonly model?: (call: ShapedCall, input: HookInput) => string | undefined;
}

export type EventKind = "before" | "after" | "failed" | "turn" | "final";

export interface ShapedCall {
  readonly payload: unknown;
  readonly kind: EventKind;
  readonly subAgent: string | undefined;
  readonly callId: string | undefined;
  readonly toolName: string;
  readonly arguments: unknown;
  readonly response: unknown;
}

const PHASES: Readonly<Record<string, EventKind>> = {
  PreToolUse: "before",
  PostToolUse: "after",
  PostToolUseFailure: "failed",
  SessionStart: "turn",
  Stop: "turn",
  StopFailure: "turn",
  SubagentStop: "turn",
  SessionEnd: "final",
};

/** @throws AgentError FIELD_MISSING without an event name, FIELD_INVALID */
export function readClaudeShape(shape: ClaudeShape, input: HookInput): AgentEvent | undefined {
  const { payload } = input;
  const name = textOf(payload, "hook_event_name", "hookEventName", "event");
  if (name === undefined)
    throw new AgentError("FIELD_MISSING", "the payload names no event (hook_event_name)");
  const phases = shape.phases ?? PHASES;
  const kind = Object.hasOwn(phases, name) ? phases[name] : undefined;
  if (kind === undefined) return undefined;
  const call = shapeCall(shape, payload, kind);
  if (kind === "turn" || kind === "final") return endEvent(shape, call, input);
  const action = actionOf(shape, call.toolName);
  return action === undefined ? undefined : callEvent(shape, { ...call, kind }, action, input);
}

function shapeCall(shape: ClaudeShape, payload: unknown, kind: EventKind): ShapedCall {
  return {
    payload,
    kind,
    subAgent: textOf(payload, "agent_id", "agentId", "subagent_id"),
    callId: shape.callId ? shape.callId(payload) : textOf(payload, "tool_use_id", "toolUseId"),
    toolName: textOf(payload, "tool_name", "toolName") ?? "",
    arguments: fieldOf(payload, "tool_input", "toolInput"),
    response: fieldOf(payload, "tool_response", "toolResponse", "tool_result"),
  };
}

function endEvent(shape: ClaudeShape, call: ShapedCall, input: HookInput): AgentEvent {
  const of = {
    tool: shape.tool,
    session: sessionOf(shape, call.payload),
    subAgent: call.subAgent,
    cwd: folderOf(call),
    model: textOf(call.payload, "model"),
    isFinal: call.kind === "final",
  };
  return sessionEvent(of, input);
}

function sessionOf(shape: ClaudeShape, payload: unknown): string | undefined {
  return textOf(payload, ...(shape.session ? [shape.session] : []), "session_id", "sessionId");
}

/** The folder the agent works in; editors give the open folders instead. */
function folderOf(call: ShapedCall): string | undefined {
  const [root] = listOf(call.payload, "workspace_roots", "workspaceRoots");
  const open = typeof root === "string" && root !== "" ? root : undefined;
  return textOf(call.payload, "cwd", "working_dir", "workspace_folder", "workspaceFolder") ?? open;
}

function actionOf(shape: ClaudeShape, toolName: string): "edit" | "shell" | undefined {
  if (shape.shells.has(toolName)) return "shell";
  const isEdit = typeof shape.edits === "function" ? shape.edits(toolName) : shape.edits.has(toolName);
  return isEdit ? "edit" : undefined;
}

function callEvent(
  shape: ClaudeShape,
  call: ShapedCall & { readonly kind: "before" | "after" | "failed" },
  action: "edit" | "shell",
  input: HookInput,
): AgentEvent | undefined {
  const files = action === "edit" ? editedFiles(shape, call) : [];
  if (action === "edit" && files.length === 0) return undefined;
  const hasFailed = call.kind === "after" && (shape.isFailure?.(call.response) ?? false);
  return toolEvent(
    {
      tool: shape.tool,
      session: sessionOf(shape, call.payload),
      subAgent: call.subAgent,
      phase: hasFailed ? "failed" : call.kind,
      action,
      cwd: folderOf(call),
      callId: call.callId,
      toolName: call.toolName,
      arguments: call.arguments,
      files,
      commands: action === "shell" ? shellCommands(call.arguments) : [],
      model: shape.model ? shape.model(call, input) : textOf(call.payload, "model"),
      isRunning: action === "shell" && isRunning(call.arguments, call.response),
    },
    input,
  );
}

function editedFiles(shape: ClaudeShape, call: ShapedCall): readonly TouchedFile[] {
  const named = touchedFiles(call.arguments);
  const contents = shape.contents?.(call) ?? [];
  if (named.length === 0) return contents;
  return named.map((file) => ({
    ...file,
    ...withoutProposed(contents.find(({ path }) => path === file.path)),
  }));
}

function withoutProposed(file: TouchedFile | undefined): Partial<TouchedFile> {
  if (!file) return {};
  const { proposed: _, ...rest } = file;
  return rest;
}

/** Whether the command was sent into the background, by the model or by the agent after a time. */
export function isRunning(callArguments: unknown, response?: unknown): boolean {
  const asked = fieldOf(callArguments, "run_in_background", "is_background", "isBackground", "background");
  const mode = textOf(callArguments, "mode");
  return asked === true || mode === "async" || textOf(response, "backgroundTaskId") !== undefined;
}

/** Texts of the commands a shell tool is to run, however many, as a string or as an argument list. */
export function shellCommands(callArguments: unknown): readonly string[] {
  if (typeof callArguments === "string") return [callArguments];
  const command = fieldOf(callArguments, "command", "cmd", "command_line", "commandLine", "script");
  const single = typeof command === "string" ? [command] : wordsOf(command);
  const several = listOf(callArguments, "commands").flatMap((item) =>
    isObject(item) ? shellCommands(item) : typeof item === "string" ? [item] : [],
  );
  const folder = textOf(callArguments, "workdir", "working_directory", "cwd", "dir_path", "directory");
  return [...(folder === undefined ? [] : [`cd '${folder}'`]), ...single, ...several];
}

/** `["bash", "-lc", "cd x && make"]` runs its last word as a command. */
function wordsOf(command: unknown): readonly string[] {
  if (!Array.isArray(command)) return [];
  return command.filter((word) => typeof word === "string");
}
