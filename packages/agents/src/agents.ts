// SPDX-License-Identifier: Apache-2.0
import type { AgentAdapter } from "./agent-adapter.ts";

/** Every agent, in the order people are shown them. One row here, one file in adapters, one fixture in testdata. */
export const AGENTS: readonly AgentAdapter[] = [
  {
    name: "claude-code",
    title: "Claude Code",
    tool: "claude-code",
    aliases: ["claude"],
    proof: "real",
    load: () => import("./adapters/claude-code.ts"),
  },
  {
    name: "codex",
    title: "Codex",
    tool: "codex",
    aliases: [],
    proof: "real",
    load: () => import("./adapters/codex.ts"),
  },
  {
    name: "gemini-cli",
    title: "Gemini CLI",
    tool: "gemini-cli",
    aliases: ["gemini"],
    proof: "real",
    load: () => import("./adapters/gemini-cli.ts"),
  },
  {
    name: "copilot-cli",
    title: "GitHub Copilot CLI",
    tool: "github-copilot",
    aliases: ["copilot", "github-copilot-cli"],
    proof: "real",
    load: () => import("./adapters/copilot-cli.ts"),
  },
  {
    name: "opencode",
    title: "OpenCode",
    tool: "opencode",
    aliases: [],
    proof: "real",
    load: () => import("./adapters/opencode.ts"),
  },
  {
    name: "qwen-code",
    title: "Qwen Code",
    tool: "qwen-code",
    aliases: ["qwen"],
    proof: "real",
    load: () => import("./adapters/qwen-code.ts"),
  },
  {
    name: "cline",
    title: "Cline",
    tool: "cline",
    aliases: [],
    proof: "real",
    load: () => import("./adapters/cline.ts"),
  },
  {
    name: "continue",
    title: "Continue",
    tool: "continue",
    aliases: ["continue-cli"],
    proof: "real",
    load: () => import("./adapters/continue.ts"),
  },
];

export function findAgent(name: string): AgentAdapter | undefined {
  return AGENTS.find((agent) => agent.name === name || agent.aliases.includes(name));
}
