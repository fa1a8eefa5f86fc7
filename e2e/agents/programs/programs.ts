// SPDX-License-Identifier: Apache-2.0
import type { AgentProgram } from "./agent-program.ts";
import { CLAUDE_CODE } from "./claude-code.ts";
import { CLINE } from "./cline.ts";
import { CODEX, CODEX_CODE_MODE } from "./codex.ts";
import { COPILOT_CLI, COPILOT_CLI_PATCH } from "./copilot-cli.ts";
import { GEMINI_CLI } from "./gemini-cli.ts";
import { OPENCODE, OPENCODE_PATCH } from "./opencode.ts";
import { QWEN_CODE } from "./qwen-code.ts";

/** Every agent that installs from npm and runs against a model on loopback. */
export const PROGRAMS: readonly AgentProgram[] = [
  CLAUDE_CODE,
  CODEX,
  CODEX_CODE_MODE,
  GEMINI_CLI,
  COPILOT_CLI,
  COPILOT_CLI_PATCH,
  OPENCODE,
  OPENCODE_PATCH,
  QWEN_CODE,
  CLINE,
];
