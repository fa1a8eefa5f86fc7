// SPDX-License-Identifier: Apache-2.0
import { type AgentProgram, PROMPT } from "./agent-program.ts";
import { writeConfig } from "./write-config.ts";

const MODEL = "claude-sonnet-4-5";

export const CLAUDE_CODE: AgentProgram = {
  name: "claude-code",
  tool: "claude-code",
  install: "claude-code",
  packages: { "@anthropic-ai/claude-code": "2.1.330" },
  scripts: ["@anthropic-ai/claude-code"],
  binary: "claude",
  model: MODEL,
  recordedModel: MODEL,
  subAgentModel: MODEL,
  subAgentType: "general-purpose",
  setUp: ({ home }) => writeConfig(home, ".claude/settings.json", { cleanupPeriodDays: 30 }),
  environment: ({ url }) => ({
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: "dummy",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    DISABLE_AUTOUPDATER: "1",
    IS_SANDBOX: "1",
  }),
  arguments: () => [
    "-p",
    PROMPT,
    "--model",
    MODEL,
    "--permission-mode",
    "acceptEdits",
    "--allowedTools",
    "Bash,Edit,Write,Read,Agent,Task",
  ],
};
