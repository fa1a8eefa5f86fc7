// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { identifyAgent } from "./identify-agent.ts";
import { recorded } from "./replay.fixture.ts";

test.each([
  ["claude-code", "claude-code/main"],
  ["claude-code", "claude-code/worktree"],
  ["copilot-cli", "copilot-cli/main"],
  ["copilot-cli", "copilot-cli/pascal-case"],
  ["vscode", "vscode/documented"],
])("%s is known by its own payloads in its own configuration", (agent, capture) => {
  for (const { payload } of recorded(capture)) expect(identifyAgent(agent, payload, {})).toBe(agent);
});

test.each([
  ["droid", "droid/documented"],
  ["cursor", "cursor/documented"],
  ["vscode", "vscode/documented"],
])("%s is known though it runs a hook of Claude Code's configuration", (agent, capture) => {
  for (const { payload } of recorded(capture)) expect(identifyAgent("claude-code", payload, {})).toBe(agent);
});

test("VS Code is known though it runs a hook of Copilot CLI's configuration, and the other way round", () => {
  for (const { payload } of recorded("vscode/documented"))
    expect(identifyAgent("copilot-cli", payload, {})).toBe("vscode");
  const calls = recorded("copilot-cli/pascal-case").filter(({ event }) => /ToolUse$/.test(event));
  for (const { payload } of calls) {
    const name = payload.toolName ?? payload.tool_name;
    if (name !== "view" && name !== "Read") expect(identifyAgent("vscode", payload, {})).toBe("copilot-cli");
  }
});

test("an environment that another agent handed down decides nothing", () => {
  const environment = { COPILOT_CLI: "1", CLAUDECODE: "1", FACTORY_PROJECT_DIR: "/repo" };
  for (const { payload } of recorded("claude-code/main"))
    expect(identifyAgent("claude-code", payload, environment)).toBe("claude-code");
  for (const { payload } of recorded("codex/classic"))
    expect(identifyAgent("codex", payload, environment)).toBe("codex");
});
