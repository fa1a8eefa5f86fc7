// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentEvent, TouchedFile } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { AgentError } from "../agent-error.ts";
import { digestCall } from "./call-key.ts";
import { digest } from "./digest.ts";
import { shellFolders } from "./shell-folders.ts";

const MAX_FILES = 10_000;
const MAX_PATH = 4096;
const MAX_ID = 200;

/** One tool call as an agent's file understands it, before limits are applied. */
export interface ToolCall {
  readonly tool: string;
  readonly session: string | undefined;
  readonly subAgent?: string | undefined;
  readonly phase: "before" | "after" | "failed";
  readonly action: "edit" | "shell";
  readonly cwd: string | undefined;
  /** The call's own id; without one, `toolName` and `arguments` stand for it. */
  readonly callId: string | undefined;
  readonly toolName: string;
  readonly arguments: unknown;
  readonly files: readonly TouchedFile[];
  /** Texts of shell commands: folders are taken from them, and nothing else. */
  readonly commands?: readonly string[];
  readonly model: string | undefined;
  /** The agent reports this edit once, after it; no event pairs with it. */
  readonly isUnpaired?: boolean;
  /** The command outlives its `after` event. */
  readonly isRunning?: boolean;
}

/**
 * The event of a tool call, with every id, path and model checked.
 * @throws AgentError FIELD_INVALID, TOO_MANY_FILES, PAYLOAD_TOO_DEEP
 */
export function toolEvent(call: ToolCall, input: HookInput): AgentEvent {
  const cwd = readFolder(call.cwd, input);
  const session = readId(call.session) ?? "";
  const subAgent = readId(call.subAgent) ?? null;
  return {
    tool: call.tool,
    session,
    subAgent,
    phase: call.phase,
    action: call.action,
    callKey: call.isUnpaired
      ? ""
      : (readId(call.callId) ?? digestCall(session, subAgent, call.toolName, call.arguments)),
    cwd,
    files: call.action === "edit" ? readFiles(call.files) : [],
    folders: shellFolders(call.commands ?? [], cwd, input.home),
    model: readModel(call.model),
    ...(call.isRunning && call.phase === "after" ? { isRunning: true } : {}),
  };
}

/** The event of a session's or a turn's start or end. */
export function sessionEvent(
  of: {
    readonly tool: string;
    readonly session: string | undefined;
    readonly subAgent?: string | undefined;
    readonly cwd: string | undefined;
    readonly model?: string | undefined;
    readonly isFinal?: boolean;
  },
  input: HookInput,
): AgentEvent {
  return {
    tool: of.tool,
    session: readId(of.session) ?? "",
    subAgent: readId(of.subAgent) ?? null,
    phase: "session",
    action: "other",
    callKey: "",
    cwd: readFolder(of.cwd, input),
    files: [],
    folders: [],
    model: readModel(of.model),
    ...(of.isFinal ? { isFinal: true } : {}),
  };
}

/** Ids go into notes and file names: one that is long or holds anything else than printable ASCII is digested. */
export function readId(id: string | undefined): string | undefined {
  if (id === undefined || id === "") return undefined;
  if (id.length <= MAX_ID && /^[!-~]+$/.test(id) && !id.startsWith("#")) return id;
  return `~${digest(id)}`;
}

/** A model goes into trailers and notes as it is: one line, printable, short, or unknown. */
export function readModel(model: string | undefined): string | null {
  const name = model?.trim();
  if (!name || name.length > MAX_ID || /[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return null;
  return /^(?:<.*>|unknown|auto|default)$/i.test(name) ? null : name;
}

export function readFiles(files: readonly TouchedFile[]): readonly TouchedFile[] {
  if (files.length > MAX_FILES)
    throw new AgentError("TOO_MANY_FILES", `one call names more than ${MAX_FILES} files`);
  return files.map((file) => ({
    ...file,
    path: readPath(file.path),
    ...(file.movedFrom === undefined ? {} : { movedFrom: readPath(file.movedFrom) }),
  }));
}

/** @throws AgentError FIELD_INVALID */
function readPath(path: string): string {
  const plain = /^file:\/\//i.test(path) ? fromUrl(path) : path;
  if (plain.length > MAX_PATH || plain.includes("\0"))
    throw new AgentError("FIELD_INVALID", "a path in the payload is too long or holds a NUL");
  return plain;
}

function fromUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new AgentError("FIELD_INVALID", "a file URL in the payload names no local file", { cause: error });
  }
}

export function readFolder(cwd: string | undefined, input: HookInput): string {
  if (cwd === undefined) return resolve(input.cwd);
  const folder = readPath(cwd);
  return isAbsolute(folder) ? folder : resolve(input.cwd, folder);
}
