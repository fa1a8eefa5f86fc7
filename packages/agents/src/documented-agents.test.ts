// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AGENTS } from "./index.ts";
import { outline, readPayload, recorded, recordedFile, replay, temporaryHome } from "./replay.fixture.ts";

// Payloads after the documentation: these tests hold the reading of it, not the agents.

test("Cursor: tool events with the model, and edits that are reported only once", async () => {
  expect(outline(await replay("cursor", "cursor/documented"))).toEqual([
    "preToolUse before edit #1 main /repo/src/hello.ts claude-opus-4-8",
    "postToolUse after edit #1 main /repo/src/hello.ts claude-opus-4-8",
    "afterFileEdit after edit #- main /repo/src/hello.ts claude-opus-4-8",
    "preToolUse before edit #2 main /repo/src/app.ts claude-opus-4-8",
    "postToolUseFailure failed edit #2 main /repo/src/app.ts claude-opus-4-8",
    "preToolUse before shell #3 main  claude-opus-4-8",
    "postToolUse after shell #3 main  claude-opus-4-8",
    "beforeShellExecution before shell #4 main  claude-opus-4-8",
    "afterShellExecution after shell #4 main  claude-opus-4-8",
    "afterTabFileEdit after edit #- main /repo/src/app.ts claude-opus-4-8",
    "stop session other #- main  claude-opus-4-8",
  ]);
});

test("VS Code: files of several replacements, file URLs, patches", async () => {
  expect(outline(await replay("vscode", "vscode/documented"))).toEqual([
    "PreToolUse before edit #1 main /repo/src/hello.ts ?",
    "PostToolUse after edit #1 main /repo/src/hello.ts ?",
    "PreToolUse before edit #2 main /repo/src/app.ts,/repo/src/with space.ts ?",
    "PostToolUse after edit #2 main /repo/src/app.ts,/repo/src/with space.ts ?",
    "PreToolUse before edit #3 main /repo/src/app.ts ?",
    "PreToolUse before shell #4 main  ?",
    "PostToolUse after shell #4 main  ?",
    "Stop session other #- main  ?",
  ]);
});

test("VS Code: the model where its transcript names it for the call", async () => {
  const start = {
    type: "tool.execution_start",
    data: { toolCallId: "call_1", toolName: "create_file", model: "gpt-5.5" },
  };
  const transcript = ".config/Code/User/workspaceStorage/1a/GitHub.copilot-chat/transcripts/vs-session.jsonl";
  using home = temporaryHome({ [transcript]: `${JSON.stringify(start)}\n` });
  const after = recorded("vscode/documented").find(({ event }) => event === "PostToolUse");
  expect((await readPayload("vscode", after?.payload, home.path))?.model).toBe("gpt-5.5");
});

test("VS Code: what git-ai's extension sends around an edit", async () => {
  const base = { workspace_folder: "/repo", chat_session_id: "chat-1", dirty_files: { "/repo/a.ts": "x\n" } };
  const before = await readPayload("github-copilot", {
    ...base,
    hook_event_name: "before_edit",
    will_edit_filepaths: ["/repo/a.ts"],
  });
  const after = await readPayload("github-copilot", {
    ...base,
    hook_event_name: "after_edit",
    edited_filepaths: ["/repo/a.ts"],
  });
  expect(before).toMatchObject({
    phase: "before",
    cwd: "/repo",
    files: [{ path: "/repo/a.ts", before: "x\n" }],
  });
  expect(after).toMatchObject({ phase: "after", callKey: before?.callKey, files: [{ after: "x\n" }] });
});

test("Windsurf: two writes of one turn are two calls", async () => {
  const replayed = await replay("windsurf", "windsurf/documented");
  expect(outline(replayed)).toEqual([
    "pre_write_code before edit #1 main /repo/src/app.ts SWE-1.5",
    "pre_write_code before edit #2 main /repo/src/other.ts SWE-1.5",
    "post_write_code after edit #2 main /repo/src/other.ts SWE-1.5",
    "post_write_code after edit #1 main /repo/src/app.ts SWE-1.5",
    "pre_run_command before shell #3 main  SWE-1.5",
    "post_run_command after shell #3 main  SWE-1.5",
    "post_cascade_response session other #- main  ?",
  ]);
  expect(replayed.find(({ event }) => event === "pre_run_command")?.read?.cwd).toBe("/repo/sub");
});

test.each([
  ["amazon-q", "preToolUse", "postToolUse", "agentSpawn", "stop"],
  ["kiro", "PreToolUse", "PostToolUse", "AgentSpawn", "Stop"],
])(
  "%s: calls told apart by what they do; failure by the tool's own word",
  async (agent, before, after, spawn, stop) => {
    expect(outline(await replay(agent, `${agent}/documented`))).toEqual([
      `${spawn} session other #- main  ?`,
      `${before} before edit #1 main /repo/src/hello.ts ?`,
      `${after} after edit #1 main /repo/src/hello.ts ?`,
      `${before} before edit #2 main /repo/src/app.ts ?`,
      `${after} failed edit #2 main /repo/src/app.ts ?`,
      `${before} before shell #3 main  ?`,
      `${after} after shell #3 main  ?`,
      `${stop} session other #- main  ?`,
    ]);
  },
);

test("Droid: the model in the settings beside the transcript, calls with and without ids", async () => {
  const settings = { ".factory/sessions/-repo/droid-1.settings.json": "settings.json" };
  expect(outline(await replay("droid", "droid/documented", settings))).toEqual([
    "SessionStart session other #- main  ?",
    "PreToolUse before edit #1 main /repo/src/hello.ts ?",
    "PostToolUse after edit #1 main /repo/src/hello.ts claude-opus-4-8",
    "PreToolUse before edit #2 main src/app.ts ?",
    "PostToolUse after edit #2 main src/app.ts claude-opus-4-8",
    "PreToolUse before shell #3 main  ?",
    "PostToolUse after shell #3 main  claude-opus-4-8",
    "Stop session other #- main  ?",
    "SessionEnd session! other #- main  ?",
  ]);
});

test("Goose: reading with the editor tool is of no interest", async () => {
  expect(outline(await replay("goose", "goose/documented"))).toEqual([
    "SessionStart session other #- main  ?",
    "PreToolUse before edit #1 main /repo/src/hello.ts ?",
    "PostToolUse after edit #1 main /repo/src/hello.ts ?",
    "PreToolUse before edit #2 main /repo/src/app.ts ?",
    "PostToolUseFailure failed edit #2 main /repo/src/app.ts ?",
    "PreToolUse before shell #3 main  ?",
    "PostToolUse after shell #3 main  ?",
    "Stop session other #- main  ?",
    "SessionEnd session! other #- main  ?",
  ]);
});

test("Amp: files its arguments do not name, and the model each call was made with", async () => {
  const thread = { ".local/share/amp/threads/T-1.json": "thread.json" };
  expect(outline(await replay("amp", "amp/documented", thread))).toEqual([
    "PreToolUse before edit #1 main /repo/src/hello.ts ?",
    "PostToolUse after edit #1 main /repo/src/hello.ts claude-opus-4-8",
    "PreToolUse before edit #2 main /repo/src/hello.ts ?",
    "PostToolUseFailure failed edit #2 main /repo/src/hello.ts ?",
    "PreToolUse before shell #3 main  ?",
    "PostToolUse after shell #3 main  gpt-6.1-sol",
  ]);
});

test("agent-v1: whatever reports to git-ai, people's edits among it", async () => {
  const replayed = await replay("agent-v1", "agent-v1/documented");
  expect(outline(replayed)).toEqual([
    "human human edit #- main src/app.ts ?",
    "ai_agent after edit #- main src/app.ts,/repo/src/hello.ts m-1",
    "pre_shell_command before shell #1 main  m-1",
    "post_shell_command after shell #1 main  m-1",
    "known_human human edit #- main src/app.ts ?",
  ]);
  expect(replayed[0]?.read?.files).toEqual([{ path: "src/app.ts", after: "typed\n", proposed: [] }]);
  expect(replayed[1]?.read).toMatchObject({ tool: "my-agent", session: "conv-1", cwd: "/repo" });
  expect(replayed[2]?.read).toMatchObject({ callKey: "sh-1", folders: ["/repo/lib"] });
});

test.each([
  [
    {
      type: "ai_agent",
      repo_working_dir: "/repo",
      edited_filepaths: ["a"],
      model: "m",
      conversation_id: "c",
    },
    "FIELD_MISSING",
  ],
  [{ type: "ai_agent", repo_working_dir: "/repo", agent_name: "a", conversation_id: "c" }, "FIELD_MISSING"],
  [{ type: "ai_agent", agent_name: "…", conversation_id: "c", edited_filepaths: ["a"] }, "FIELD_INVALID"],
  [{ type: "human", will_edit_filepaths: ["a", 1] }, "FIELD_INVALID"],
  [{ type: "robot" }, "FIELD_INVALID"],
  [{}, "FIELD_MISSING"],
])("agent-v1: refuses %j", async (payload, code) => {
  await expect(readPayload("agent-v1", payload)).rejects.toMatchObject({ code });
});

test("git-ai's names for agents become the registry's", async () => {
  const named = async (agent_name: string) =>
    (
      await readPayload("agent-v1", {
        type: "ai_agent",
        agent_name,
        conversation_id: "c",
        edited_filepaths: ["a"],
      })
    )?.tool;
  expect(await named("claude")).toBe("claude-code");
  expect(await named("copilot")).toBe("github-copilot");
  expect(await named("gemini")).toBe("gemini-cli");
  expect(await named("constructor")).toBe("constructor");
});

test("every agent has its file, its fixture and a name of its own", async () => {
  const words = AGENTS.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(words).size).toBe(words.length);
  for (const agent of AGENTS) {
    expect((await agent.load()).read).toBeTypeOf("function");
    const capture = { real: "main", documented: "documented" }[agent.proof];
    expect(
      recordedFile(agent.name === "codex" ? "codex/classic" : `${agent.name}/${capture}`, "events.jsonl"),
    ).not.toBe("");
  }
});

test("the documentation has a row for every agent, and says which of them were run", () => {
  const rows = readFileSync(new URL("../../../docs/agents.md", import.meta.url), "utf8").split("\n");
  for (const { name, proof } of AGENTS) {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` |`))?.split("|") ?? [];
    expect(row[3], name).toContain(proof === "real" ? "real" : "documented");
  }
});
