// SPDX-License-Identifier: Apache-2.0
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { type AgentPlace, type AgentProgram, COMPANIONS, PROMPT } from "./agent-program.ts";
import { writeConfig } from "./write-config.ts";

const VERSION = "1.18.33";

/** Models called like OpenAI's get `apply_patch` instead of `write` and `edit`. */
export const OPENCODE = openCodeWith("opencode", "mock-model");
export const OPENCODE_PATCH = openCodeWith("opencode-patch", "gpt-5-mock");

function openCodeWith(name: string, model: string): AgentProgram {
  return {
    name,
    tool: "opencode",
    install: "opencode",
    packages: { "opencode-ai": VERSION },
    companions: { "@opencode-ai/plugin": VERSION },
    scripts: ["opencode-ai"],
    binary: "opencode",
    model: `mock/${model}`,
    recordedModel: `mock/${model}`,
    subAgentModel: `mock/${model}`,
    subAgentType: "general",
    setUp: (place) => setUp(place, model),
    environment: ({ home }) => ({
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_SHARE: "1",
      XDG_CONFIG_HOME: join(home, ".config"),
      XDG_DATA_HOME: join(home, ".local/share"),
      XDG_CACHE_HOME: join(home, ".cache"),
      XDG_STATE_HOME: join(home, ".local/state"),
    }),
    arguments: () => ["run", "--print-logs", "-m", `mock/${model}`, PROMPT],
  };
}

async function setUp({ home, url, installed }: AgentPlace, model: string): Promise<void> {
  const limit = { context: 100_000, output: 8000 };
  await writeConfig(home, ".config/opencode/opencode.json", {
    $schema: "https://opencode.ai/config.json",
    autoupdate: false,
    share: "disabled",
    permission: "allow",
    model: `mock/${model}`,
    small_model: `mock/${model}`,
    provider: {
      mock: {
        npm: "@ai-sdk/openai-compatible",
        name: "mock",
        options: { baseURL: `${url}/v1`, apiKey: "dummy" },
        models: { [model]: { name: model, tool_call: true, limit } },
      },
    },
  });
  // Without it OpenCode asks npm for the types of plugins at every start and, without a network, waits a minute for them.
  await cp(join(installed, COMPANIONS), join(home, ".config/opencode"), {
    recursive: true,
    verbatimSymlinks: true,
  });
}
