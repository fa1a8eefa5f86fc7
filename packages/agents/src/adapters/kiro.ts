// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import type { HookDescriptor, OwnFile } from "../hooks/hook-descriptor.ts";
import { TIMEOUT_SECONDS } from "../hooks/hook-formats.ts";

import { readClaudeShape } from "../payload/claude-shape.ts";
import { shapeOf } from "./amazon-q.ts";

/** Kiro's command line. The editor's own hooks give a command nothing but the prompt, and are of no use here. */
export function read(input: HookInput): AgentEvent | undefined {
  return readClaudeShape(shapeOf("kiro"), input);
}

const CALLS = "^(fs_write|write|str_replace|fs_append|execute_bash|shell)$";

const FORMAT: OwnFile = {
  kind: "own-file",
  content: ({ shell: command }) => {
    const hook = (trigger: string, matcher?: string) => ({
      name: `countersign-record ${trigger}`,
      trigger,
      ...(matcher === undefined ? {} : { matcher }),
      action: { type: "command", command },
      timeout: TIMEOUT_SECONDS,
      enabled: true,
    });
    const hooks = [hook("PreToolUse", CALLS), hook("PostToolUse", CALLS), hook("Stop")];
    return `${JSON.stringify({ version: "v1", hooks }, null, 2)}\n`;
  },
};

/** Kiro CLI 3 reads one folder of the project for all agents; there is none of the user's in its documentation. */
export const hooks: HookDescriptor = {
  signs: { folders: [".kiro"], binaries: ["kiro-cli", "kiro"] },
  places: [
    {
      scope: "project",
      path: ({ repoRoot }) => join(repoRoot, ".kiro", "hooks", "countersign-record.json"),
      format: FORMAT,
    },
  ],
};
