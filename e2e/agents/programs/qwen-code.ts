// SPDX-License-Identifier: Apache-2.0
import { type AgentProgram, PROMPT } from "./agent-program.ts";
import { writeConfig } from "./write-config.ts";

const MODEL = "qwen3-coder-plus";
const SETTINGS = {
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  general: { enableAutoUpdate: false, disableAutoUpdate: true },
  security: { auth: { selectedType: "openai" }, folderTrust: { enabled: false } },
};

export const QWEN_CODE: AgentProgram = {
  name: "qwen-code",
  tool: "qwen-code",
  install: "qwen-code",
  packages: { "@qwen-code/qwen-code": "0.24.4" },
  binary: "qwen",
  model: MODEL,
  recordedModel: MODEL,
  subAgentModel: MODEL,
  subAgentType: "general-purpose",
  // It adds a co-author to the first commit of a command, of a model that did not run; a trailer of ours says which one did.
  ownCommitExtras: ["co-authored-by qwen-code/qwen-coder"],
  setUp: ({ home }) => writeConfig(home, ".qwen/settings.json", SETTINGS),
  environment: ({ url }) => ({
    OPENAI_API_KEY: "dummy",
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_MODEL: MODEL,
    QWEN_TELEMETRY_ENABLED: "false",
    NO_COLOR: "1",
  }),
  arguments: () => ["--auth-type", "openai", "-m", MODEL, "--yolo", "-p", PROMPT],
};
