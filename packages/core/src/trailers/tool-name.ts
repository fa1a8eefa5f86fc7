// SPDX-License-Identifier: Apache-2.0
import { toWords } from "./fold.ts";
import { findNamedTool, findTool } from "./tool-index.ts";

const LONGEST_NAME = 64;
const PLAIN_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Names that trackers write for a tool, where the registry knows the name as something else: a chat, a company. */
const TRACKERS_NAMES: ReadonlyMap<string, string> = new Map([
  ["claude", "claude-code"],
  ["gemini", "gemini-cli"],
  ["copilot", "github-copilot"],
  ["openai codex", "codex"],
]);

/**
 * Registry name of a tool as a recorder names it: `Claude Code`, `claudeCode` and `claude` are `claude-code`. A name
 * that the registry does not know stays itself in kebab-case; `unspecified` where the text names no tool.
 */
export function toToolName(text: string): string {
  const words = toWords(text.slice(0, LONGEST_NAME).replace(/([a-z])(?=[A-Z])/g, "$1 "));
  const name = words.join(" ");
  const known = TRACKERS_NAMES.get(name) ?? findNamedTool(words)?.tool;
  if (known !== undefined) return known;
  const kebab = words.join("-");
  return PLAIN_NAME.test(kebab) && kebab !== "unknown" ? kebab : "unspecified";
}

/** Who makes the tool, null where the registry does not say. */
export function findVendor(tool: string): string | null {
  return findTool(tool)?.vendor ?? null;
}
