// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { outline, readPayload, recorded, recordedFile, replay, temporaryHome } from "../replay.fixture.ts";

const PROJECT = ".claude/projects/-repo";
const SESSION = "a87a72f9-340d-4ea5-97f5-6fe90971da78";
const SWITCHED = "546c6946-7108-4e12-8012-a1b5003a48eb";
const CALL = {
  session_id: SESSION,
  transcript_path: `/users/dev/${PROJECT}/${SESSION}.jsonl`,
  cwd: "/repo",
  hook_event_name: "PostToolUse",
  tool_use_id: "toolu_1",
};

test("reads a session with edits, a shell, failures and a sub-agent that outlives the turn", async () => {
  const replayed = await replay("claude-code", "claude-code/main", {
    [`${PROJECT}/${SESSION}.jsonl`]: "transcript.jsonl",
    [`${PROJECT}/${SESSION}/subagents/agent-a12dba3045edd759c.jsonl`]: "transcript-2.jsonl",
  });
  expect(outline(replayed)).toEqual([
    "SessionStart session other #- main  ?",
    "PreToolUse before edit #1 main /repo/src/hello.ts ?",
    "PostToolUse after edit #1 main /repo/src/hello.ts claude-sonnet-4-5",
    "PreToolUse before edit #2 main /repo/src/app.ts ?",
    "PostToolUse after edit #2 main /repo/src/app.ts claude-sonnet-4-5",
    "PreToolUse before shell #3 main  ?",
    "PostToolUse after shell #3 main  claude-sonnet-4-5",
    "PreToolUse before shell #4 main  ?",
    "PostToolUseFailure failed shell #4 main  claude-sonnet-4-5",
    "Stop session other #- main  ?",
    "PreToolUse before edit #5 sub /repo/src/app.ts ?",
    "PostToolUse after edit #5 sub /repo/src/app.ts claude-sonnet-4-5",
    "SubagentStop session other #- sub  ?",
    "Stop session other #- main  ?",
    "SessionEnd session! other #- main  ?",
  ]);
});

test("takes whole contents from the payload where it holds them", async () => {
  const replayed = await replay("claude-code", "claude-code/main");
  const after = replayed.filter(({ read }) => read?.phase === "after" && read.action === "edit");
  const [created, edited] = after.map(({ read }) => read?.files[0]);
  const text = "export const hello = 'hi'\nexport const bye = 'bye'\n";
  expect(created).toEqual({ path: "/repo/src/hello.ts", before: null, after: text, proposed: [text] });
  expect(edited?.before).toContain("  return a + b\n");
  expect(edited?.proposed).toEqual(["  const sum = a + b\n  return sum\n"]);
});

test("finds a line that a person typed in the contents before the agent's edit", async () => {
  const replayed = await replay("claude-code", "claude-code/human-edit-between");
  const after = replayed.find(({ read }) => read?.phase === "after" && read.action === "edit");
  expect(after?.read?.files[0]?.before).toContain("typed by a human");
});

test("names the model each call was made with, though it was switched in the middle of the session", async () => {
  const lines = recordedFile("claude-code/model-switch", "transcript.jsonl").split("\n");
  const edit = recorded("claude-code/model-switch").filter(
    ({ event, payload }) => event === "PostToolUse" && payload.tool_name === "Edit",
  );
  const switched = lines.findIndex((line) => line.includes("claude-opus-4-8"));
  expect(switched).toBeGreaterThan(0);
  using early = temporaryHome({ [`${PROJECT}/${SWITCHED}.jsonl`]: lines.slice(0, switched).join("\n") });
  using late = temporaryHome({ [`${PROJECT}/${SWITCHED}.jsonl`]: lines.join("\n") });
  expect((await readPayload("claude-code", edit[0]?.payload, early.path))?.model).toBe("claude-sonnet-4-5");
  expect((await readPayload("claude-code", edit[1]?.payload, late.path))?.model).toBe("claude-opus-4-8");
});

test("keeps to the work tree the agent works in", async () => {
  const replayed = await replay("claude-code", "claude-code/worktree");
  const folders = replayed.flatMap(({ read }) => (read ? [read.cwd] : []));
  expect(new Set(folders)).toEqual(new Set(["/repo/.claude/worktrees/wt1"]));
});

test("takes tools of MCP servers that write the files they name, and no others", async () => {
  const mcp = (tool_name: string, tool_input: unknown) =>
    readPayload("claude-code", { ...CALL, tool_name, tool_input });
  expect((await mcp("mcp__filesystem__write_file", { path: "a.ts", content: "x\n" }))?.files).toEqual([
    { path: "a.ts", proposed: ["x\n"] },
  ]);
  expect(await mcp("mcp__github__create_issue", { title: "a" })).toBeUndefined();
  expect(await mcp("mcp__filesystem__read_file", { path: "a.ts" })).toBeUndefined();
});

test("says that a command goes on in the background", async () => {
  const shell = (tool_input: unknown, tool_response: unknown) =>
    readPayload("claude-code", { ...CALL, tool_name: "Bash", tool_input, tool_response });
  expect((await shell({ command: "make watch", run_in_background: true }, {}))?.isRunning).toBe(true);
  expect((await shell({ command: "make" }, { backgroundTaskId: "b1" }))?.isRunning).toBe(true);
  expect(await shell({ command: "make" }, { stdout: "" })).not.toHaveProperty("isRunning");
});

test("does not take a model from anything but the entry of the call itself", async () => {
  const entry = (value: unknown) => `${JSON.stringify(value)}\n`;
  using home = temporaryHome({
    [`${PROJECT}/${SESSION}.jsonl`]:
      entry({
        type: "assistant",
        message: { model: "other-model", content: [{ type: "text", text: "toolu_1" }] },
      }) +
      entry({ type: "user", message: { model: "toolu_1", content: [{ type: "tool_use", id: "toolu_1" }] } }) +
      entry({
        type: "assistant",
        message: { model: "<synthetic>", content: [{ type: "tool_use", id: "toolu_1" }] },
      }) +
      "{ half a line with toolu_1",
  });
  const read = await readPayload(
    "claude-code",
    { ...CALL, tool_name: "Bash", tool_input: { command: "ls" } },
    home.path,
  );
  expect(read?.model).toBeNull();
});

test("does not leave the session's folder for a sub-agent's transcript", async () => {
  using home = temporaryHome({
    "evil.jsonl":
      '{"type":"assistant","message":{"model":"wrong","content":[{"type":"tool_use","id":"toolu_1"}]}}',
  });
  const payload = {
    ...CALL,
    agent_id: "../../../../../evil",
    tool_name: "Bash",
    tool_input: { command: "ls" },
  };
  expect((await readPayload("claude-code", payload, home.path))?.model).toBeNull();
});
