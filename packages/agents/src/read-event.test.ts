// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AGENTS, AgentError, readEvent } from "./index.ts";
import { readPayload, recorded, temporaryHome } from "./replay.fixture.ts";

const INPUT = { environment: {}, cwd: "/repo", home: "/nowhere" };

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof AgentError ? error.code : `not an AgentError: ${String(error)}`;
}

test("refuses an agent it does not know", async () => {
  expect(await codeOf(readEvent({ ...INPUT, tool: "nobody", payload: "{}" }))).toBe("AGENT_UNKNOWN");
  expect(await codeOf(readEvent({ ...INPUT, tool: "constructor", payload: "{}" }))).toBe("AGENT_UNKNOWN");
});

test.each(AGENTS.map(({ name }) => name))(
  "%s throws AgentError and nothing else, whatever it is given",
  async (tool) => {
    const garbage = [
      "",
      "null",
      "[]",
      '"x"',
      "12",
      "{",
      '{"hook_event_name":',
      "\u0000",
      `${"[".repeat(200_000)}`,
    ];
    for (const payload of garbage)
      expect(await codeOf(readEvent({ ...INPUT, tool, payload }))).toBe("PAYLOAD_MALFORMED");
  },
);

const WRONG: readonly unknown[] = [
  null,
  1,
  true,
  "x",
  "",
  [],
  {},
  [[]],
  { path: { path: 1 } },
  [null],
  "\u0000",
  "../".repeat(9000),
];

/** Every field of every recorded payload, one after another, takes every wrong value. */
test.each([
  ["claude-code", "claude-code/main"],
  ["codex", "codex/code-mode"],
  ["gemini-cli", "gemini-cli/main"],
  ["copilot-cli", "copilot-cli/pascal-case"],
  ["qwen-code", "qwen-code/main"],
  ["cline", "cline/main"],
  ["continue", "continue/main"],
  ["opencode", "opencode/main"],
  ["cursor", "cursor/documented"],
  ["vscode", "vscode/documented"],
  ["windsurf", "windsurf/documented"],
  ["amazon-q", "amazon-q/documented"],
  ["droid", "droid/documented"],
  ["goose", "goose/documented"],
  ["amp", "amp/documented"],
  ["agent-v1", "agent-v1/documented"],
])("%s reads recorded payloads with wrong values, or says which field is wrong", async (tool, capture) => {
  for (const { payload } of recorded(capture))
    for (const spoiled of spoil(payload)) {
      const read = readPayload(tool, spoiled).catch((error: unknown) => error);
      const result = await read;
      if (result instanceof Error) expect(result).toBeInstanceOf(AgentError);
    }
});

function* spoil(payload: unknown): Generator<unknown> {
  if (typeof payload !== "object" || payload === null) return;
  for (const [key, value] of Object.entries(payload)) {
    for (const wrong of WRONG) yield Object.assign(structuredClone(payload), { [key]: wrong });
    for (const inner of spoil(value)) yield Object.assign(structuredClone(payload), { [key]: inner });
  }
}

test("refuses a path with a NUL, a path of megabytes and arguments without end", async () => {
  const call = { hook_event_name: "PreToolUse", session_id: "s", tool_name: "Write", tool_use_id: "c" };
  const write = (tool_input: unknown) => readPayload("claude-code", { ...call, tool_input });
  expect(await codeOf(write({ file_path: "a\u0000b" }))).toBe("FIELD_INVALID");
  expect(await codeOf(write({ file_path: "a".repeat(5000) }))).toBe("FIELD_INVALID");
  const edits = Array.from({ length: 10_001 }, (_, index) => ({ file_path: `f${index}` }));
  expect(await codeOf(write({ edits }))).toBe("TOO_MANY_FILES");
  let deep: unknown = 1;
  for (let depth = 0; depth < 100; depth++) deep = [deep];
  const gemini = { hook_event_name: "BeforeTool", session_id: "s", tool_name: "write_file" };
  const nested = readPayload("gemini-cli", { ...gemini, tool_input: { file_path: "a", deep } });
  expect(await codeOf(nested)).toBe("PAYLOAD_TOO_DEEP");
});

test("keeps no prompt, no command and no environment in an event", async () => {
  const secret = "SECRET-7f3a";
  for (const [tool, capture] of [
    ["claude-code", "claude-code/main"],
    ["codex", "codex/classic"],
    ["gemini-cli", "gemini-cli/main"],
  ] as const)
    for (const { payload } of recorded(capture)) {
      const text = JSON.stringify(payload)
        .replaceAll("Please do the mock task.", secret)
        .replaceAll("partial", secret)
        .replaceAll("VERSION = 2", secret);
      const event = await readEvent({
        ...INPUT,
        tool,
        payload: text,
        environment: { ANTHROPIC_API_KEY: secret },
      });
      if (event?.action === "shell" || event?.phase === "session")
        expect(JSON.stringify(event)).not.toContain(secret);
    }
});

test("ids that are no ids are digested, and never look like a digest of a call", async () => {
  const call = { hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command: "ls" } };
  const read = await readPayload("claude-code", { ...call, session_id: "a\nb", tool_use_id: "#fake" });
  expect(read?.session).toMatch(/^~[\w-]{22}$/);
  expect(read?.callKey).toMatch(/^~[\w-]{22}$/);
});

test("a transcript that is a FIFO, a device or a folder holds nothing up and names no model", async () => {
  using home = temporaryHome({ "folder/file": "" });
  const fifo = join(home.path, "fifo");
  execFileSync("mkfifo", [fifo]);
  const after = recorded("claude-code/main").find(({ event }) => event === "PostToolUse")?.payload;
  for (const transcript_path of [fifo, "/dev/zero", join(home.path, "folder"), "\u0000", "/proc/self/mem"])
    expect((await readPayload("claude-code", { ...after, transcript_path }, home.path))?.model).toBeNull();
});

test("reads JSON with raw line ends and tabs in strings, and with a byte order mark", async () => {
  const payload =
    '\uFEFF{"hook_event_name":"PreToolUse","session_id":"s","tool_use_id":"c","tool_name":"Write",\n\t"tool_input":{"file_path":"a.ts","content":"one\n\ttwo \\"quoted\\"\r\n"}}';
  const read = await readEvent({ ...INPUT, tool: "claude-code", payload });
  expect(read?.files).toEqual([{ path: "a.ts", proposed: ['one\n\ttwo "quoted"\r\n'] }]);
});
