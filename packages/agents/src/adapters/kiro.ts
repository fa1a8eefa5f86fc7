// SPDX-License-Identifier: Apache-2.0
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "../agent-adapter.ts";
import { readClaudeShape } from "../payload/claude-shape.ts";
import { shapeOf } from "./amazon-q.ts";

/** Kiro's command line. The editor's own hooks give a command nothing but the prompt, and are of no use here. */
export function read(input: HookInput): AgentEvent | undefined {
  return readClaudeShape(shapeOf("kiro"), input);
}
