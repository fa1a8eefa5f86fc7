// SPDX-License-Identifier: Apache-2.0
import { delimiter, join } from "node:path";
import type { AgentAdapter } from "../agent-adapter.ts";
import { AGENTS } from "../agents.ts";
import type { ConfigReader } from "./config-reader.ts";
import type { HookDescriptor, HookLocation } from "./hook-descriptor.ts";

export interface FoundAgent {
  readonly agent: AgentAdapter;
  readonly hooks: HookDescriptor;
  /** The folder or program that shows it. */
  readonly sign: string;
}

/** Agents that this user has, by the folders they keep and the programs on PATH; only those that have hooks. */
export async function findAgents(
  location: HookLocation,
  reader: ConfigReader,
): Promise<readonly FoundAgent[]> {
  const found: FoundAgent[] = [];
  for (const agent of AGENTS) {
    const { hooks } = await agent.load();
    const sign = hooks && signOf(hooks, location, reader);
    if (hooks && sign !== undefined) found.push({ agent, hooks, sign });
  }
  return found;
}

function signOf(hooks: HookDescriptor, location: HookLocation, reader: ConfigReader): string | undefined {
  const folders = hooks.signs.folders.map((folder) => join(location.home, folder));
  const search = (location.environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const programs = hooks.signs.binaries.flatMap((name) => search.map((folder) => join(folder, name)));
  return (
    folders.find((folder) => reader.exists(folder)) ??
    programs.find(
      (path) => reader.isProgram(path) || reader.isProgram(`${path}.exe`) || reader.isProgram(`${path}.cmd`),
    )
  );
}
