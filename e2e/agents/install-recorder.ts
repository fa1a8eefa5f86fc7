// SPDX-License-Identifier: Apache-2.0
import { findAgent } from "@countersign/agents";
import { runCountersign } from "./checks/run-countersign.ts";
import type { AgentPlace, AgentProgram } from "./programs/agent-program.ts";

/** As the author would: `init` must find the agent by itself. Twice, since people do that; the second changes nothing. */
export async function installRecorder(program: AgentProgram, place: AgentPlace): Promise<void> {
  const title = findAgent(program.install)?.title;
  const first = await readRows(place);
  if (first.find(({ name }) => name === title)?.outcome !== "installed")
    throw new Error(`init does not install the hooks of ${title}: ${JSON.stringify(first)}`);
  const second = await readRows(place);
  if (second.some(({ outcome }) => outcome !== "kept"))
    throw new Error(`init does something a second time: ${JSON.stringify(second)}`);
}

interface Row {
  readonly name: string;
  readonly outcome: string;
}

async function readRows(place: AgentPlace): Promise<readonly Row[]> {
  return (JSON.parse(await runCountersign(place, ["init", "--json"])) as { readonly rows: readonly Row[] })
    .rows;
}
