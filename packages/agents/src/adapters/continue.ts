// SPDX-License-Identifier: Apache-2.0
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { type ClaudeShape, readClaudeShape } from "../payload/claude-shape.ts";

/**
 * Continue's command line runs no hooks, but calls `git-ai checkpoint continue-cli --hook-input stdin` around every edit,
 * with a path and no tool, call id or content. Its shell edits are reported by nobody.
 */
const SHAPE: ClaudeShape = {
  tool: "continue",
  edits: (name) => name === "" || EDITS.has(name),
  shells: new Set(["Bash", "terminal", "local_shell_call"]),
};

const EDITS: ReadonlySet<string> = new Set(["edit", "Edit", "Write", "MultiEdit"]);

export function read(input: HookInput): AgentEvent | undefined {
  return readClaudeShape(SHAPE, input);
}
