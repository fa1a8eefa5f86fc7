// SPDX-License-Identifier: Apache-2.0
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "@countersign/testkit";
import { type AgentPlace, type AgentProgram, PROMPT } from "./agent-program.ts";

const MODEL = "mock-model";
const QUIET = { CLINE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", CLINE_NO_AUTO_UPDATE: "1", NO_COLOR: "1" };

/** Starts a daemon that outlives it; the process namespace it runs in takes that one along when it ends. */
export const CLINE: AgentProgram = {
  name: "cline",
  tool: "cline",
  install: "cline",
  packages: { cline: "3.0.65" },
  binary: "cline",
  model: MODEL,
  recordedModel: MODEL,
  subAgentModel: null,
  subAgentType: "general-purpose",
  setUp,
  environment: () => QUIET,
  arguments: () => [PROMPT],
};

async function setUp({ program, workTree, url, bare, log }: AgentPlace): Promise<void> {
  const words = ["auth", "-p", "openai", "-k", "dummy", "-m", MODEL, "-b", `${url}/v1`];
  const output = await run(program, words, { cwd: workTree, environment: { ...bare, ...QUIET } });
  await writeFile(join(log, "auth.out"), output);
}
