// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { type AgentAdapter, applyConfigEdits, diskReader, findAgent, planHooks } from "../index.ts";
import { outline, type Replayed, readPayload, recorded, temporaryHome } from "../replay.fixture.ts";

/** A recorder that keeps what it was given: arguments and payload, a line a call. */
const KEEPER = `import { appendFileSync, readFileSync } from "node:fs";
appendFileSync(new URL("calls.ndjson", import.meta.url), JSON.stringify([process.argv[2], readFileSync(0, "utf8")]) + "\\n");
`;

async function install(name: string, home: string): Promise<readonly string[]> {
  const command = [process.execPath, join(home, "countersign-record.mjs")];
  const agent = findAgent(name) as AgentAdapter;
  const edits = await planHooks({ agent, home, repoRoot: home, environment: {}, command }, diskReader);
  return applyConfigEdits(edits).map(({ path }) => path);
}

function calls(home: string): readonly [string, string][] {
  const text = diskReader.read(join(home, "calls.ndjson")) ?? "";
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

async function readAll(home: string): Promise<readonly Replayed[]> {
  const replayed: Replayed[] = [];
  for (const [agent, payload] of calls(home)) {
    const read = await readPayload(agent, JSON.parse(payload));
    replayed.push({ event: agent, payload: {}, read });
  }
  return replayed;
}

type Hook = (input: unknown, output?: unknown) => Promise<unknown>;

test("OpenCode's plugin reports what the recorded run did, with the model and the sub-agent's parent", async () => {
  using home = temporaryHome({ "countersign-record.mjs": KEEPER });
  const [path = ""] = await install("opencode", home.path);
  const plugin = await import(pathToFileURL(path).href);
  const hooks: Record<string, Hook> = await plugin.CountersignRecord({ directory: home.path });
  for (const { event, payload } of recorded("opencode/main")) {
    const name = event.startsWith("event.") ? "event" : event;
    const { input, output } = payload as { input?: unknown; output?: unknown };
    await (name === "event" ? hooks[name]?.({ event: payload }) : hooks[name]?.(input, output));
  }
  const replayed = await readAll(home.path);
  expect(outline(replayed)).toEqual([
    "opencode before edit #1 main /repo/src/hello.ts mock/mock-model",
    "opencode after edit #1 main /repo/src/hello.ts mock/mock-model",
    "opencode before edit #2 main /repo/src/app.ts mock/mock-model",
    "opencode after edit #2 main /repo/src/app.ts mock/mock-model",
    "opencode before shell #3 main  mock/mock-model",
    "opencode after shell #3 main  mock/mock-model",
    "opencode before edit #4 main /repo/src/app.ts mock/mock-model",
    "opencode before shell #5 main  mock/mock-model",
    "opencode failed shell #5 main  mock/mock-model",
    "opencode before edit #6 sub /repo/src/app.ts mock/mock-model",
    "opencode after edit #6 sub /repo/src/app.ts mock/mock-model",
    "opencode session other #- sub  ?",
    "opencode session other #- main  ?",
  ]);
  const sub = replayed.find(({ read }) => read?.subAgent !== null);
  expect(sub?.read).toMatchObject({
    session: "ses_dfb466187ffeprcj9sjCL1p9qo",
    subAgent: "ses_dfb463a8dffeUmCzBrS1nBuezP",
  });
  expect(JSON.stringify(calls(home.path))).not.toContain("SUBAGENT-TASK");
});

test("OpenCode's plugin stops nothing, whatever it is given and though its recorder is gone", async () => {
  using home = temporaryHome();
  const [path = ""] = await install("opencode", home.path);
  const plugin = await import(pathToFileURL(path).href);
  const hooks: Record<string, Hook> = await plugin.CountersignRecord({ directory: join(home.path, "gone") });
  const idle = { event: { type: "session.idle" } };
  for (const hook of Object.values(hooks))
    for (const given of [
      undefined,
      null,
      {},
      { tool: "edit" },
      { tool: "bash", sessionID: 1 },
      { event: null },
      idle,
    ])
      await expect(hook(given, given)).resolves.toBeUndefined();
});

test("Amp's plugin allows every call and reports those that change files", async () => {
  using home = temporaryHome({ "countersign-record.mjs": KEEPER });
  const [path = ""] = await install("amp", home.path);
  expect(readFileSync(path, "utf8").split("\n", 1)[0]).toMatch(/^\/\/ @i-know-the-amp-plugin-api/);
  const { default: plugin } = await import(pathToFileURL(path).href);
  const handlers: Record<string, Hook> = {};
  const helpers = { filesModifiedByToolCall: () => [new URL("file:///repo/with%20space.ts")] };
  plugin({ on: (name: string, handler: Hook) => Object.assign(handlers, { [name]: handler }), helpers });
  const call = { toolUseID: "toolu_1", tool: "undo_edit", input: {}, thread: { id: "T-1" } };
  expect(await handlers["tool.call"]?.(call)).toEqual({ action: "allow" });
  await handlers["tool.result"]?.({ ...call, status: "done" });
  expect(await handlers["tool.call"]?.({ ...call, toolUseID: "toolu_2", tool: "Read" })).toEqual({
    action: "allow",
  });
  await handlers["tool.call"]?.({ ...call, toolUseID: "toolu_3" });
  await handlers["tool.result"]?.({ ...call, toolUseID: "toolu_3", status: "error" });
  expect(await handlers["tool.call"]?.(undefined)).toEqual({ action: "allow" });
  expect(outline(await readAll(home.path))).toEqual([
    "amp before edit #1 main /repo/with space.ts ?",
    "amp after edit #1 main /repo/with space.ts ?",
    "amp before edit #2 main /repo/with space.ts ?",
    "amp failed edit #2 main /repo/with space.ts ?",
  ]);
});

test("Cline's hooks and the stand-in for git-ai are programs that run, and that end well without their recorder", async () => {
  using home = temporaryHome({ "countersign-record.mjs": KEEPER });
  const cline = await install("cline", home.path);
  const [shim = ""] = await install("continue", home.path);
  const { payload } = recorded("cline/main")[1] ?? {};
  execFileSync(cline[0] ?? "", { input: JSON.stringify(payload), stdio: ["pipe", "pipe", "pipe"] });
  const told = JSON.stringify(recorded("continue/main")[0]?.payload);
  expect(execFileSync(shim, ["--version"], { encoding: "utf8" })).toMatch(/^git-ai \d/);
  expect(
    execFileSync(shim, ["checkpoint", "continue-cli", "--hook-input", "stdin"], {
      input: told,
      encoding: "utf8",
    }),
  ).toBe("");
  expect(outline(await readAll(home.path))).toEqual([
    "cline before edit #1 main /repo/src/hello.ts ?",
    "continue-cli before edit #2 main /repo/src/hello.ts mock-model",
  ]);
  using bare = temporaryHome();
  const [hook = ""] = await install("cline", bare.path);
  expect(execFileSync(hook, { input: "{}", encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] })).toBe("");
});
