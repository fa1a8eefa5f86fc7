// SPDX-License-Identifier: Apache-2.0
import { dirname, join } from "node:path";
import {
  AGENTS,
  diskReader,
  findAgent,
  findAgents,
  type HookLocation,
  type HookRequest,
} from "@countersign/agents";
import { displayText } from "@countersign/core/render";
import { UsageError } from "../exit-code.ts";
import type { HookProgram } from "../hooks/hook-script.ts";
import type { InitRow } from "./init-report.ts";

export interface ChosenAgents {
  readonly requests: readonly HookRequest[];
  /** Agents that are here and are installed only by name. */
  readonly leftOut: readonly InitRow[];
}

/**
 * The agents named, else those that are here.
 * @throws UsageError for a name that no agent has
 */
export async function chooseAgents(
  location: HookLocation,
  program: HookProgram,
  named: string | undefined,
): Promise<ChosenAgents> {
  const command = [program.node, join(dirname(program.command), "countersign-record.mjs")];
  if (named !== undefined) {
    const names = [...new Set(named.split(",").map((name) => name.trim()))];
    return {
      requests: names.map((name) => ({ ...location, agent: requireAgent(name), command })),
      leftOut: [],
    };
  }
  const found = await findAgents(location, diskReader);
  const isWanted = ({ hooks }: (typeof found)[number]) => hooks.optIn === undefined;
  return {
    requests: found.filter(isWanted).map(({ agent }) => ({ ...location, agent, command })),
    leftOut: found
      .filter((one) => !isWanted(one))
      .map(({ agent, hooks }) => ({
        kind: "agent",
        name: agent.title,
        where: null,
        outcome: "left out",
        detail: `${hooks.optIn}; if that is well: countersign init --agents ${agent.name}`,
      })),
  };
}

function requireAgent(name: string): HookRequest["agent"] {
  const agent = findAgent(name);
  if (agent !== undefined) return agent;
  const names = AGENTS.map((one) => one.name).join(", ");
  throw new UsageError(`no agent is called "${displayText(name, 60)}"; there are: ${names}`);
}
