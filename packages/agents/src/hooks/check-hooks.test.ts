// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type AgentAdapter,
  applyConfigEdits,
  checkHooks,
  diskReader,
  findAgent,
  type HookRequest,
  planHooks,
} from "../index.ts";
import { temporaryHome } from "../replay.fixture.ts";

function requestFor(name: string, home: string, more: Partial<HookRequest> = {}): HookRequest {
  const command = [join(home, "bin/node"), join(home, "bin/countersign-record.mjs")];
  return {
    agent: findAgent(name) as AgentAdapter,
    home,
    repoRoot: join(home, "repo"),
    environment: {},
    command,
    ...more,
  };
}

const PROGRAMS = { "bin/node": "", "bin/countersign-record.mjs": "" };

async function statesOf(request: HookRequest): Promise<readonly string[]> {
  return (await checkHooks(request, diskReader)).map(({ state }) => state);
}

const install = async (request: HookRequest) => applyConfigEdits(await planHooks(request, diskReader));

test.each([
  "claude-code",
  "gemini-cli",
  "copilot-cli",
  "opencode",
  "cline",
  "cursor",
  "goose",
  "kiro",
  "amp",
  "continue",
])("%s: missing, then installed, then gone", async (name) => {
  using home = temporaryHome(PROGRAMS);
  const request = requestFor(name, home.path);
  expect(await statesOf(request)).toEqual(["missing"]);
  await install(request);
  expect(await statesOf(request)).toEqual(["installed"]);
  const moved = requestFor(name, home.path, { command: ["/gone/node", "/gone/countersign-record.mjs"] });
  await install(moved);
  expect(await statesOf(moved)).toContain("command-gone");
  expect(await statesOf(request)).not.toContain("installed");
});

test("Codex: hooks that nobody trusted do not run", async () => {
  using home = temporaryHome(PROGRAMS);
  const request = requestFor("codex", home.path);
  await install(request);
  expect(await statesOf(request)).toEqual(["untrusted"]);
  const file = join(home.path, ".codex/hooks.json");
  const events = ["pre_tool_use", "post_tool_use", "session_start", "stop", "subagent_stop", "session_end"];
  const trust = events.map((event) => `[hooks.state."${file}:${event}:0:0"]\ntrusted_hash = "sha256:00"\n`);
  writeFileSync(join(home.path, ".codex/config.toml"), trust.slice(1).join("\n"));
  expect(await statesOf(request)).toEqual(["untrusted"]);
  writeFileSync(join(home.path, ".codex/config.toml"), trust.join("\n"));
  expect(await statesOf(request)).toEqual(["installed"]);
  writeFileSync(join(home.path, ".codex/config.toml"), `${trust.join("\n")}\n[features]\nhooks = false\n`);
  expect(await statesOf(request)).toEqual(["disabled"]);
});

test("sees hooks in two scopes, hooks twice on one event, and events without one", async () => {
  using home = temporaryHome(PROGRAMS);
  const request = requestFor("claude-code", home.path);
  await install(request);
  const user = join(home.path, ".claude/settings.json");
  const text = readFileSync(user, "utf8");
  mkdirSync(join(home.path, "repo/.claude"), { recursive: true });
  writeFileSync(join(home.path, "repo/.claude/settings.json"), text);
  expect(await statesOf(request)).toEqual(["doubled"]);
  writeFileSync(join(home.path, "repo/.claude/settings.json"), "{}");
  const settings = JSON.parse(text);
  settings.hooks.PreToolUse.push(settings.hooks.PreToolUse[0]);
  delete settings.hooks.Stop;
  writeFileSync(user, JSON.stringify(settings));
  expect([...(await statesOf(request))].sort()).toEqual(["partial", "twice"]);
});

test("sees that hooks are switched off, and settings that cannot be read", async () => {
  using home = temporaryHome({ ...PROGRAMS, ".claude/settings.json": '{"disableAllHooks": true}' });
  const request = requestFor("claude-code", home.path);
  await install(request);
  expect(await statesOf(request)).toEqual(["disabled"]);
  writeFileSync(join(home.path, ".claude/settings.json"), '{ "countersign-record": broken');
  expect(await statesOf(request)).toEqual(["unreadable"]);
});

test("sees that hooks are switched off where the project says so, and by whom it counts", async () => {
  using home = temporaryHome(PROGRAMS);
  const request = requestFor("claude-code", home.path);
  await install(request);
  const settings = (name: string, disableAllHooks: boolean) => {
    mkdirSync(join(home.path, "repo/.claude"), { recursive: true });
    writeFileSync(join(home.path, "repo/.claude", name), JSON.stringify({ disableAllHooks }));
  };
  settings("settings.json", true);
  expect(await checkHooks(request, diskReader)).toMatchObject([
    { state: "disabled", path: join(home.path, "repo/.claude/settings.json") },
  ]);
  settings("settings.local.json", false);
  expect(await statesOf(request)).toEqual(["installed"]);
});

test("sees a program that is gone on any event, and a pipe in the place of the settings", async () => {
  using home = temporaryHome(PROGRAMS);
  const request = requestFor("claude-code", home.path);
  await install(request);
  const path = join(home.path, ".claude/settings.json");
  const settings = JSON.parse(readFileSync(path, "utf8"));
  settings.hooks.Stop[0].hooks[0].command = "/gone/countersign-record.mjs claude-code";
  writeFileSync(path, JSON.stringify(settings));
  expect(await statesOf(request)).toContain("command-gone");
  rmSync(path);
  execFileSync("mkfifo", [path]);
  expect(await statesOf(request)).toEqual(["unreadable"]);
  await expect(planHooks(request, diskReader)).rejects.toMatchObject({ code: "CONFIG_UNSUPPORTED" });
});

test("says that Amazon Q has no file to write to, and that what only reports to git-ai has no hooks", async () => {
  using home = temporaryHome();
  expect(await statesOf(requestFor("amazon-q", home.path))).toEqual(["no-place"]);
  expect(await statesOf(requestFor("agent-v1", home.path))).toEqual(["no-place"]);
});
