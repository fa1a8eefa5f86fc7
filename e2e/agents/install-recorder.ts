// SPDX-License-Identifier: Apache-2.0
import { applyConfigEdits, diskReader, findAgents, planHooks } from "@countersign/agents";
import type { AgentPlace, AgentProgram } from "./programs/agent-program.ts";

const BUNDLE = new URL("../../apps/cli/dist/countersign-record.mjs", import.meta.url).pathname;

export async function installRecorder(_program: AgentProgram, place: AgentPlace): Promise<void> {
  const location = { home: place.home, repoRoot: place.workTree, environment: place.bare };
  for (const { agent } of await findAgents(location, diskReader)) {
    const edits = await planHooks({ ...location, agent, command: [process.execPath, BUNDLE] }, diskReader);
    console.error(
      agent.name,
      edits.map((e) => e.path),
    );
    applyConfigEdits(edits);
  }
}
