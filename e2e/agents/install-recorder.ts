// SPDX-License-Identifier: Apache-2.0
import { applyConfigEdits, diskReader, findAgents, planHooks } from "@countersign/agents";
import { runCountersign } from "./checks/run-countersign.ts";
import type { AgentPlace } from "./programs/agent-program.ts";

const BUNDLE = new URL("../../apps/cli/dist/countersign-record.mjs", import.meta.url).pathname;

export async function installRecorder(place: AgentPlace): Promise<void> {
  const location = { home: place.home, repoRoot: place.workTree, environment: place.bare };
  await runCountersign(place, ["hooks", "install", "--client"]);
  for (const { agent } of await findAgents(location, diskReader))
    applyConfigEdits(
      await planHooks({ ...location, agent, command: [process.execPath, BUNDLE] }, diskReader),
    );
}
