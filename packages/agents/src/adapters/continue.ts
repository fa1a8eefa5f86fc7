// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { gitAiShim } from "../hooks/git-ai-shim.ts";
import type { HookDescriptor } from "../hooks/hook-descriptor.ts";

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

/** It looks for a program of another maker's name; putting one there is for the user to ask for. */
export const hooks: HookDescriptor = {
  signs: { folders: [".continue"], binaries: ["cn"] },
  optIn:
    "Continue reports its edits to a program called git-ai and to nothing else: a stand-in of that name would be put into ~/.local/bin",
  places: [
    {
      scope: "user",
      path: ({ home }) => join(home, ".local", "bin", "git-ai"),
      format: { kind: "own-file", isExecutable: true, content: gitAiShim },
    },
  ],
};
