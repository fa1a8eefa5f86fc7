// SPDX-License-Identifier: Apache-2.0
import { type AgentProgram, PROMPT } from "./agent-program.ts";
import { writeConfig } from "./write-config.ts";

const MODEL = "gemini-2.5-pro";
const SETTINGS = {
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  general: { enableAutoUpdate: false, disableAutoUpdate: true, disableUpdateNag: true },
  security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
};

export const GEMINI_CLI: AgentProgram = {
  name: "gemini-cli",
  tool: "gemini-cli",
  install: "gemini-cli",
  packages: { "@google/gemini-cli": "0.61.0" },
  binary: "gemini",
  model: MODEL,
  recordedModel: MODEL,
  subAgentModel: MODEL,
  subAgentType: "generalist",
  // Its shell switches Git's hooks off (core.hooksPath is empty in it), so nobody can add a trailer there.
  ownCommitClaims: [],
  ownCommitGaps: ["hook-missing", "trailer-missing", "content-brought"],
  setUp: ({ home }) => writeConfig(home, ".gemini/settings.json", SETTINGS),
  environment: ({ url }) => ({
    GEMINI_API_KEY: "dummy",
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_TELEMETRY_ENABLED: "false",
    GEMINI_CLI_TRUST_WORKSPACE: "true",
    GEMINI_CLI_NO_RELAUNCH: "true",
    NO_COLOR: "1",
  }),
  arguments: () => ["-m", MODEL, "--yolo", "-p", PROMPT],
};
