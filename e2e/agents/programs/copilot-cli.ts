// SPDX-License-Identifier: Apache-2.0
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type AgentProgram, PROMPT } from "./agent-program.ts";

/** Models of OpenAI get `apply_patch` instead of `create` and `edit`. */
export const COPILOT_CLI = copilotWith("copilot-cli", "claude-sonnet-4.5", "completions");
export const COPILOT_CLI_PATCH = copilotWith("copilot-cli-patch", "gpt-5.5", "responses");

function copilotWith(name: string, model: string, wire: "completions" | "responses"): AgentProgram {
  return {
    name,
    tool: "github-copilot",
    install: "copilot-cli",
    packages: { "@github/copilot": "1.0.102" },
    binary: "copilot",
    model,
    recordedModel: model,
    subAgentModel: model,
    subAgentType: "general-purpose",
    setUp: async ({ home }) => {
      await mkdir(join(home, ".copilot"), { recursive: true });
    },
    environment: ({ url }) => ({
      COPILOT_OFFLINE: "true",
      COPILOT_ALLOW_ALL: "true",
      COPILOT_AUTO_UPDATE: "false",
      COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
      COPILOT_PROVIDER_API_KEY: "dummy",
      COPILOT_PROVIDER_TYPE: "openai",
      COPILOT_PROVIDER_WIRE_API: wire,
      COPILOT_MODEL: model,
    }),
    arguments: () => ["--allow-all-tools", "--no-color", "--log-level", "error", "-p", PROMPT],
  };
}
