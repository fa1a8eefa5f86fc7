// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import {
  AGENTS,
  type AgentAdapter,
  applyConfigEdits,
  diskReader,
  findAgent,
  findAgents,
  type HookRequest,
  planHooks,
  planRemoval,
  planRestore,
  restoreConfigEdits,
} from "../index.ts";
import { temporaryHome } from "../replay.fixture.ts";
import { commandsOf } from "./json-hooks.ts";

const COMMAND = ["/opt/node 24/bin/node", "/opt/countersign/countersign-record.mjs"];

function requestFor(name: string, home: string, more: Partial<HookRequest> = {}): HookRequest {
  const agent = findAgent(name) as AgentAdapter;
  return { agent, home, repoRoot: join(home, "repo"), environment: {}, command: COMMAND, ...more };
}

async function install(request: HookRequest, earlier: Parameters<typeof applyConfigEdits>[1] = []) {
  return applyConfigEdits(await planHooks(request, diskReader), earlier);
}

const WITH_HOOKS: string[] = [];
for (const agent of AGENTS) if ((await agent.load()).hooks) WITH_HOOKS.push(agent.name);

test("every agent with hooks is one that init can install", () => {
  expect(WITH_HOOKS).toContain("claude-code");
  expect(WITH_HOOKS).not.toContain("agent-v1");
  expect(WITH_HOOKS.length).toBeGreaterThan(14);
});

test.each(WITH_HOOKS)(
  "%s: installs once, again without a change, and leaves nothing behind",
  async (name) => {
    using home = temporaryHome({
      "repo/README": "",
      ".aws/amazonq/cli-agents/mine.json": '{"name":"mine"}\n',
    });
    const request = requestFor(name, home.path);
    const applied = await install(request);
    expect(applied.length).toBeGreaterThan(0);
    for (const { path } of applied) {
      const text = readFileSync(path, "utf8");
      expect(text).toContain("countersign-record");
      if (path.endsWith(".json")) expect(() => JSON.parse(text)).not.toThrow();
    }
    expect(await planHooks(request, diskReader)).toEqual([]);
    restoreConfigEdits(planRestore(applied, diskReader), applied);
    for (const { path, before } of applied) {
      expect(diskReader.read(path) ?? null).toBe(before);
      if (before === null) expect(existsSync(dirname(path))).toBe(false);
    }
  },
);

/** Settings as people have them, ours not among them. */
const SETTINGS: readonly string[] = [
  "{}",
  "",
  "{}\n",
  '{"hooks":{}}',
  '{\n  "model": "opus",\n  "hooks": {\n    "PreToolUse": [\n      {\n        "matcher": "Bash",\n        "hooks": [{ "type": "command", "command": "./mine.sh" }]\n      }\n    ]\n  }\n}\n',
  '{\r\n\t"hooks": { "Stop": [] },\r\n\t"x": [1,2]\r\n}',
  '\uFEFF{\n    "a": 1\n}\n',
  '{\n  // mine\n  "hooks": { /* none yet */ },\n}\n',
];

test.each(SETTINGS)("restores settings byte for byte: %j", async (text) => {
  using home = temporaryHome({ ".claude/settings.json": text });
  const path = join(home.path, ".claude/settings.json");
  const applied = await install(requestFor("claude-code", home.path));
  expect(readFileSync(path, "utf8")).not.toBe(text);
  restoreConfigEdits(planRestore(applied, diskReader), applied);
  expect(readFileSync(path, "utf8")).toBe(text);
});

test.each(SETTINGS)("takes only its own part away from settings changed since: %j", async (text) => {
  using home = temporaryHome({ ".claude/settings.json": text });
  const path = join(home.path, ".claude/settings.json");
  const applied = await install(requestFor("claude-code", home.path));
  const changed = readFileSync(path, "utf8").replace(/\}\s*$/, (end) => `${end} `);
  writeFileSync(path, changed);
  restoreConfigEdits(planRestore(applied, diskReader), applied);
  const left = readFileSync(path, "utf8");
  expect(left).not.toContain("countersign-record");
  const squeeze = (json: string) => json.replace(/[\s,]/g, "");
  expect(squeeze(left)).toBe(squeeze(text.trim() === "" ? "{}" : text));
});

test("a hook of somebody else on the same event stays, and stays first", async () => {
  const theirs = { matcher: "Bash", hooks: [{ type: "command", command: "theirs" }] };
  using home = temporaryHome({
    ".claude/settings.json": JSON.stringify({ hooks: { PreToolUse: [theirs] } }),
  });
  await install(requestFor("claude-code", home.path));
  const { hooks } = JSON.parse(readFileSync(join(home.path, ".claude/settings.json"), "utf8"));
  expect(hooks.PreToolUse[0]).toEqual(theirs);
  expect(hooks.PreToolUse).toHaveLength(2);
  expect(Object.keys(hooks).sort()).toEqual(
    [
      "PostToolUse",
      "PostToolUseFailure",
      "PreToolUse",
      "SessionEnd",
      "SessionStart",
      "Stop",
      "SubagentStop",
    ].sort(),
  );
});

test("a new path of the recorder replaces the old one; the first text is still what is restored", async () => {
  const text = '{\n  "model": "opus"\n}\n';
  using home = temporaryHome({ ".claude/settings.json": text });
  const path = join(home.path, ".claude/settings.json");
  const first = await install(requestFor("claude-code", home.path));
  const moved = requestFor("claude-code", home.path, {
    command: ["node", "/elsewhere/countersign-record.mjs"],
  });
  const both = await install(moved, first);
  const now = readFileSync(path, "utf8");
  expect(now).not.toContain("/opt/countersign");
  const { hooks } = JSON.parse(now);
  for (const list of Object.values(hooks) as unknown[][]) expect(list.flatMap(commandsOf)).toHaveLength(1);
  restoreConfigEdits(planRestore(both, diskReader), both);
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("two of ours on one event become one; one that shares a group with others is taken out of it", async () => {
  const ours = { type: "command", command: "node /old/countersign-record.mjs claude-code" };
  const theirs = { type: "command", command: "theirs" };
  const settings = {
    hooks: {
      PreToolUse: [
        { matcher: "*", hooks: [theirs, ours] },
        { matcher: "*", hooks: [ours] },
      ],
    },
  };
  using home = temporaryHome({ ".claude/settings.json": JSON.stringify(settings, null, 2) });
  await install(requestFor("claude-code", home.path));
  const { hooks } = JSON.parse(readFileSync(join(home.path, ".claude/settings.json"), "utf8"));
  expect(hooks.PreToolUse[0]).toEqual({ matcher: "*", hooks: [theirs] });
  expect(
    hooks.PreToolUse.flatMap(commandsOf).filter((command: string) => command.includes("countersign-record")),
  ).toHaveLength(1);
});

test("an agent that is installed in one scope is not installed in another as well", async () => {
  using home = temporaryHome();
  await install(requestFor("claude-code", home.path));
  expect(await planHooks(requestFor("claude-code", home.path, { scope: "local" }), diskReader)).toEqual([]);
  using other = temporaryHome();
  await install(requestFor("claude-code", other.path, { scope: "local" }));
  expect(existsSync(join(other.path, "repo/.claude/settings.local.json"))).toBe(true);
  expect(await planHooks(requestFor("claude-code", other.path), diskReader)).toEqual([]);
});

test("Copilot CLI and VS Code share one file, and agree on what is in it", async () => {
  using home = temporaryHome();
  await install(requestFor("copilot-cli", home.path));
  expect(await planHooks(requestFor("vscode", home.path), diskReader)).toEqual([]);
});

test.each([
  ["not JSON", "{ broken", "CONFIG_MALFORMED"],
  ["no object", "[]", "CONFIG_MALFORMED"],
  ["hooks no object", '{"hooks":[]}', "CONFIG_MALFORMED"],
  ["an event no list", '{"hooks":{"PreToolUse":{}}}', "CONFIG_MALFORMED"],
])("leaves settings alone that are %s", async (_what, text, code) => {
  using home = temporaryHome({ ".claude/settings.json": text });
  await expect(planHooks(requestFor("claude-code", home.path), diskReader)).rejects.toMatchObject({ code });
  expect(readFileSync(join(home.path, ".claude/settings.json"), "utf8")).toBe(text);
});

test("leaves settings alone that are not UTF-8, and another maker's file of the name it needs", async () => {
  using home = temporaryHome({ ".cline/hooks/PreToolUse": "#!/bin/sh\nexec mine\n" });
  await expect(planHooks(requestFor("cline", home.path), diskReader)).rejects.toMatchObject({
    code: "CONFIG_UNSUPPORTED",
  });
  mkdirSync(join(home.path, ".claude"));
  writeFileSync(join(home.path, ".claude/settings.json"), Buffer.from([0x7b, 0xff, 0x7d]));
  await expect(planHooks(requestFor("claude-code", home.path), diskReader)).rejects.toMatchObject({
    code: "CONFIG_MALFORMED",
  });
});

test("does not write over a change made between plan and act", async () => {
  using home = temporaryHome({ ".claude/settings.json": "{}\n" });
  const edits = await planHooks(requestFor("claude-code", home.path), diskReader);
  writeFileSync(join(home.path, ".claude/settings.json"), '{"model":"x"}\n');
  expect(() => applyConfigEdits(edits)).toThrowError(
    expect.objectContaining({ code: "CONFIG_UNWRITABLE", applied: [] }),
  );
  expect(readFileSync(join(home.path, ".claude/settings.json"), "utf8")).toBe('{"model":"x"}\n');
});

test("keeps a link a link, and a mode a mode", async () => {
  using home = temporaryHome({ "dotfiles/claude.json": "{}\n", ".claude/x": "" });
  const real = join(home.path, "dotfiles/claude.json");
  const path = join(home.path, ".claude/settings.json");
  symlinkSync(real, path);
  chmodSync(real, 0o600);
  await install(requestFor("claude-code", home.path));
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(statSync(real).mode & 0o777).toBe(0o600);
  expect(readFileSync(real, "utf8")).toContain("countersign-record");
});

test("removes its hooks without knowing what was there before", async () => {
  using home = temporaryHome({ ".claude/settings.json": '{\n  "model": "opus"\n}\n' });
  await install(requestFor("claude-code", home.path));
  await install(requestFor("opencode", home.path));
  for (const name of ["claude-code", "opencode"])
    restoreConfigEdits(await planRemoval(requestFor(name, home.path), diskReader));
  expect(readFileSync(join(home.path, ".claude/settings.json"), "utf8")).toBe('{\n  "model": "opus"\n}\n');
  expect(existsSync(join(home.path, ".config/opencode/plugin/countersign-record.js"))).toBe(false);
});

test("keeps what others put into a file of ours", async () => {
  using home = temporaryHome();
  const applied = await install(requestFor("copilot-cli", home.path));
  const [{ path } = { path: "" }] = applied;
  const settings = JSON.parse(readFileSync(path, "utf8"));
  settings.hooks.preToolUse.push({ type: "command", bash: "theirs" });
  writeFileSync(path, JSON.stringify(settings));
  restoreConfigEdits(planRestore(applied, diskReader), applied);
  expect(JSON.parse(readFileSync(path, "utf8")).hooks.preToolUse).toEqual([
    { type: "command", bash: "theirs" },
  ]);
});

test("finds agents by their folders and their programs", async () => {
  using home = temporaryHome({ ".claude/x": "", "bin/codex": "" });
  chmodSync(join(home.path, "bin/codex"), 0o755);
  const location = { home: home.path, repoRoot: home.path, environment: { PATH: join(home.path, "bin") } };
  const found = await findAgents(location, diskReader);
  expect(found.map(({ agent }) => agent.name)).toEqual(["claude-code", "codex"]);
});

test("the command survives a shell, and ends well without its program", async () => {
  using home = temporaryHome();
  const [edit] = await planHooks(
    requestFor("claude-code", home.path, { command: ["no such 'thing'", "countersign-record"] }),
    diskReader,
  );
  const [command] = commandsOf(JSON.parse(edit?.after ?? "").hooks.PreToolUse[0]);
  expect(command).toBe("'no such '\\''thing'\\''' countersign-record claude-code || exit 0");
  await expect(
    planHooks(requestFor("claude-code", home.path, { command: ["node", "x.mjs"] }), diskReader),
  ).rejects.toMatchObject({
    code: "CONFIG_UNSUPPORTED",
  });
});
