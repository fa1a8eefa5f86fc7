// SPDX-License-Identifier: Apache-2.0
import { dirname, join } from "node:path";
import {
  type AgentAdapter,
  checkHooks,
  diskReader,
  findAgent,
  findAgents,
  type HookFinding,
  type HookState,
} from "@countersign/agents";
import type { DoctorFinding } from "@countersign/core/render";
import { hooksFilePath, readHooksFile } from "../init/agent-hooks-file.ts";
import { type DoctorPlace, INSTALL } from "./doctor-place.ts";

/** Every agent that is here, and every one that `init` wrote to: whether it really calls us. */
export async function checkAgents(here: DoctorPlace): Promise<readonly DoctorFinding[]> {
  const { location, program } = here;
  const found = await findAgents(location, diskReader);
  const optional = new Map(found.map(({ agent, hooks }) => [agent.name, hooks.optIn]));
  const written = readWritten(here);
  const agents = new Map(found.map(({ agent }) => [agent.name, agent]));
  for (const agent of written.agents) agents.set(agent.name, agent);
  if (agents.size === 0 && written.findings.length === 0) return [nobody()];
  const command = [program.node, join(dirname(program.command), "countersign-record.mjs")];
  const rows: DoctorFinding[] = [...written.findings];
  for (const agent of agents.values()) {
    const findings = await checkHooks({ ...location, agent, command }, diskReader);
    rows.push(...findings.map((finding) => toFinding(agent, finding, optional.get(agent.name))));
  }
  return rows;
}

function nobody(): DoctorFinding {
  const message = "no coding agent was found here";
  return { check: "agent", name: "agents", level: "ok", message, fix: null };
}

/** Agents that `init` wrote to, which may have gone from PATH since. */
function readWritten({ location }: DoctorPlace): {
  readonly agents: readonly AgentAdapter[];
  readonly findings: readonly DoctorFinding[];
} {
  const path = hooksFilePath(location.environment, location.home);
  const file = readHooksFile(path);
  if (file !== undefined)
    return { agents: file.applied.flatMap(({ agent }) => findAgent(agent) ?? []), findings: [] };
  const message = `${path} is damaged: how agents' configurations were before is not known, so --uninstall can only take our hooks out of them`;
  return {
    agents: [],
    findings: [{ check: "agent", name: "hooks.json", level: "warning", message, fix: INSTALL }],
  };
}

const LEVELS: Readonly<Record<HookState, DoctorFinding["level"]>> = {
  installed: "ok",
  missing: "problem",
  partial: "problem",
  outdated: "warning",
  twice: "warning",
  doubled: "warning",
  "command-gone": "problem",
  untrusted: "problem",
  disabled: "problem",
  unreadable: "unclear",
  "no-place": "warning",
};

function toFinding(
  agent: AgentAdapter,
  { state, path, message }: HookFinding,
  optIn: string | undefined,
): DoctorFinding {
  const base = { check: "agent", name: agent.title } as const;
  if (optIn !== undefined && state === "missing")
    return {
      ...base,
      level: "ok",
      message: `left out unless you ask for it: ${optIn}`,
      fix: `countersign init --agents ${agent.name}`,
    };
  const where = path === "" || message.includes(path) ? "" : ` (${path})`;
  const said = message.replace(/: run countersign init$/, "");
  return { ...base, level: LEVELS[state], message: `${said}${where}`, fix: fixOf(agent, state, path) };
}

function fixOf({ name }: AgentAdapter, state: HookState, path: string): string | null {
  switch (state) {
    case "installed":
    case "no-place":
      return null;
    case "missing":
    case "partial":
    case "outdated":
    case "command-gone":
      return `countersign init --agents ${name}`;
    case "twice":
      return `leave one of our entries in ${path}, or: countersign init --uninstall --all && ${INSTALL}`;
    case "doubled":
      return `take our hook out of ${path}`;
    case "untrusted":
      return "codex, then /hooks: trust ours";
    case "disabled":
      return `switch hooks on again in ${path}`;
    case "unreadable":
      return path === "" ? "mend the file that is named" : `mend ${path}`;
  }
}
