// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { type AgentPlace, type AgentProgram, PROMPT } from "./agent-program.ts";
import { writeConfig } from "./write-config.ts";

/** Newer models get one tool that runs JavaScript instead of tools of their own. */
export const CODEX = codexWith("codex", "gpt-5.5");
export const CODEX_CODE_MODE = codexWith("codex-code-mode", "gpt-6.1-sol");

function codexWith(name: string, model: string): AgentProgram {
  return {
    name,
    tool: "codex",
    install: "codex",
    packages: { "@openai/codex": "0.169.0" },
    binary: "codex",
    model,
    recordedModel: model,
    subAgentModel: model,
    subAgentType: "general-purpose",
    setUp: (place) => writeConfig(place.home, ".codex/config.toml", toConfig(model, place)),
    environment: ({ home }) => ({ CODEX_HOME: join(home, ".codex"), MOCK_KEY: "dummy" }),
    // Codex runs only hooks that a person trusted in its own screen, which nobody can do here.
    arguments: () => ["exec", "--skip-git-repo-check", "--dangerously-bypass-hook-trust", PROMPT],
  };
}

function toConfig(model: string, { url, workTree }: AgentPlace): string {
  return `model = "${model}"
model_provider = "mock"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[analytics]
enabled = false
[otel]
exporter = "none"
[model_providers.mock]
name = "mock"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "MOCK_KEY"
supports_websockets = false
[projects."${workTree}"]
trust_level = "trusted"
`;
}
