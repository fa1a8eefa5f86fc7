// SPDX-License-Identifier: Apache-2.0
import { fieldOf, isObject, type JsonObject, textOf } from "./payload/json-value.ts";

/** Configurations that other agents read too: whoever runs a hook found there may be one of them. */
const SHARED: ReadonlySet<string> = new Set(["claude-code", "copilot-cli", "vscode"]);

/**
 * Which agent really makes a call that `named`'s configuration asked for. The payload's own shape decides; environment
 * only where no other agent could have handed it down, since an agent's shell may start another agent.
 */
export function identifyAgent(
  named: string,
  payload: JsonObject,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (!SHARED.has(named)) return named;
  const transcript = (textOf(payload, "transcript_path", "transcriptPath") ?? "").replaceAll("\\", "/");
  if (/\/\.claude\/projects\//.test(transcript)) return "claude-code";
  if (textOf(payload, "cursor_version") !== undefined) return "cursor";
  if (/\/\.factory\//.test(transcript) || DROID_TOOLS.test(textOf(payload, "tool_name") ?? ""))
    return "droid";
  if (isVsCode(payload, transcript)) return "vscode";
  if (isCopilot(named, payload, transcript)) return "copilot-cli";
  const isFactory =
    named === "claude-code" && environment.FACTORY_PROJECT_DIR !== undefined && transcript === "";
  return isFactory ? "droid" : named;
}

/** Names of tools that no other agent of those that share a configuration has. */
const DROID_TOOLS = /^(?:Create|ApplyPatch|Execute)$/;
const VSCODE_TOOLS =
  /^(?:copilot_)?(?:create_file|(?:multi_)?replace_string_in_file|insert_edit_into_file|edit_notebook_file|run_in_terminal|editFiles)$/;

/** VS Code mixes spellings: `hookEventName` and `sessionId` beside `tool_name`. */
function isVsCode(payload: JsonObject, transcript: string): boolean {
  const folders = transcript.split("/");
  if (folders.includes("GitHub.copilot-chat") || folders.includes("workspaceStorage")) return true;
  if (VSCODE_TOOLS.test(textOf(payload, "tool_name") ?? "")) return true;
  return textOf(payload, "hookEventName") !== undefined && textOf(payload, "sessionId") !== undefined;
}

/** Camel case, or Claude's spelling with arguments under Copilot's names and results under `tool_result`. */
function isCopilot(named: string, payload: JsonObject, transcript: string): boolean {
  if (/\/\.copilot\//.test(transcript) || textOf(payload, "toolName") !== undefined) return true;
  const callArguments = fieldOf(payload, "tool_input");
  const hasNativeNames =
    isObject(callArguments) && ("old_str" in callArguments || "file_text" in callArguments);
  const isClaudeName = /^(?:Write|Edit|Bash)$/.test(textOf(payload, "tool_name") ?? "");
  return (
    fieldOf(payload, "tool_result") !== undefined || hasNativeNames || (named === "vscode" && isClaudeName)
  );
}
