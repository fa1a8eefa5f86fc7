// SPDX-License-Identifier: Apache-2.0

import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { outline, readPayload, replay, temporaryHome } from "../replay.fixture.ts";

const MAIN = "c0485fc3-79c4-4e55-990c-4f6f07449f3a";
const PATCH = "fcb8976d-1ff6-4116-ae86-fb084897c6c7";
const PASCAL = "394ca980-7daf-4475-90f9-fdc4890996b3";
const log = (session: string) => ({ [`.copilot/session-state/${session}/events.jsonl`]: "transcript.jsonl" });

test("reads events that neither name themselves nor their calls", async () => {
  const replayed = await replay("copilot-cli", "copilot-cli/main", log(MAIN));
  expect(outline(replayed)).toEqual([
    "sessionStart session other #- main  ?",
    "preToolUse before edit #1 main /repo/src/hello.ts ?",
    "postToolUse after edit #1 main /repo/src/hello.ts claude-sonnet-4.5",
    "preToolUse before edit #2 main /repo/src/app.ts ?",
    "postToolUse after edit #2 main /repo/src/app.ts claude-sonnet-4.5",
    "preToolUse before shell #3 main  ?",
    "postToolUse after shell #3 main  claude-sonnet-4.5",
    "preToolUse before edit #4 main /repo/src/app.ts ?",
    "postToolUseFailure failed edit #4 main /repo/src/app.ts claude-sonnet-4.5",
    "preToolUse before shell #5 main  ?",
    "postToolUse after shell #5 main  claude-sonnet-4.5",
    "preToolUse before edit #6 sub /repo/src/app.ts ?",
    "postToolUse after edit #6 sub /repo/src/app.ts claude-sonnet-4.5",
    "agentStop session other #- sub  ?",
    "subagentStop session other #- sub  ?",
    "agentStop session other #- main  ?",
    "sessionEnd session! other #- main  ?",
  ]);
  const sessions = new Set(replayed.flatMap(({ read }) => (read ? [read.session] : [])));
  expect(sessions).toEqual(new Set([MAIN]));
});

test("reads patches given as a string", async () => {
  expect(outline(await replay("copilot-cli", "copilot-cli/apply-patch", log(PATCH)))).toEqual([
    "sessionStart session other #- main  ?",
    "preToolUse before edit #1 main src/hello.ts ?",
    "postToolUse after edit #1 main src/hello.ts gpt-5.5",
    "preToolUse before edit #2 main src/app.ts ?",
    "postToolUse after edit #2 main src/app.ts gpt-5.5",
    "preToolUse before shell #3 main  ?",
    "postToolUse after shell #3 main  gpt-5.5",
    "agentStop session other #- main  ?",
    "sessionEnd session! other #- main  ?",
  ]);
});

test("gives one call one key, in whichever spelling its events come", async () => {
  const replayed = await replay("copilot-cli", "copilot-cli/pascal-case", log(PASCAL));
  expect(outline(replayed).filter((line) => / (?:edit|shell) /.test(line))).toEqual([
    "preToolUse before edit #1 main /repo/src/hello.ts ?",
    "PreToolUse before edit #1 main /repo/src/hello.ts ?",
    "postToolUse after edit #1 main /repo/src/hello.ts claude-sonnet-4.5",
    "PostToolUse after edit #1 main /repo/src/hello.ts claude-sonnet-4.5",
    "preToolUse before edit #2 main /repo/src/app.ts ?",
    "PreToolUse before edit #2 main /repo/src/app.ts ?",
    "postToolUse after edit #2 main /repo/src/app.ts claude-sonnet-4.5",
    "PostToolUse after edit #2 main /repo/src/app.ts claude-sonnet-4.5",
    "preToolUse before shell #3 main  ?",
    "PreToolUse before shell #3 main  ?",
    "postToolUse after shell #3 main  claude-sonnet-4.5",
    "PostToolUse after shell #3 main  claude-sonnet-4.5",
  ]);
});

test("does not take the user's wish for the model that ran", async () => {
  const payload = {
    sessionId: MAIN,
    cwd: "/repo",
    toolName: "bash",
    toolArgs: { command: "ls" },
    toolResult: {},
  };
  const read = await readPayload("copilot-cli", payload, "/nowhere", { COPILOT_MODEL: "gpt-5.5" });
  expect(read).toMatchObject({ phase: "after", model: null });
});

test("names the model of the agent's last answer, which is stored before its calls are made", async () => {
  using home = temporaryHome({ ".copilot/x": "" });
  const database = new DatabaseSync(`${home.path}/.copilot/session-store.db`);
  database.exec(
    "CREATE TABLE assistant_usage_events (id INTEGER PRIMARY KEY, session_id TEXT, agent_id TEXT, model TEXT)",
  );
  const insert = database.prepare(
    "INSERT INTO assistant_usage_events (session_id, agent_id, model) VALUES (?, ?, ?)",
  );
  insert.run("s-1", null, "claude-sonnet-4.5");
  insert.run("s-1", "a-1", "claude-haiku-4.5");
  insert.run("s-2", null, "gpt-5.5");
  const call = { cwd: "/repo", toolName: "bash", toolArgs: { command: "ls" }, toolResult: {} };
  const modelOf = async (payload: unknown) => (await readPayload("copilot-cli", payload, home.path))?.model;
  expect(await modelOf({ ...call, sessionId: "s-1" })).toBe("claude-sonnet-4.5");
  expect(await modelOf({ ...call, sessionId: "a-1", agentId: "a-1", parentAgentId: "s-1" })).toBe(
    "claude-haiku-4.5",
  );
  expect(await modelOf({ ...call, sessionId: "s-3" })).toBeNull();
  // Copilot keeps it open, with writes that are not in the main file yet.
  database.exec("PRAGMA journal_mode = WAL");
  insert.run("s-1", null, "claude-opus-4-8");
  expect(await modelOf({ ...call, sessionId: "s-1" })).toBe("claude-opus-4-8");
  database.exec("BEGIN EXCLUSIVE");
  expect(await modelOf({ ...call, sessionId: "s-1" })).toBe("claude-opus-4-8");
  database.close();
});

test("a store that is no database names no model", async () => {
  using home = temporaryHome({ ".copilot/session-store.db": "no database at all".repeat(100) });
  const payload = {
    sessionId: MAIN,
    cwd: "/repo",
    toolName: "bash",
    toolArgs: { command: "ls" },
    toolResult: {},
  };
  expect((await readPayload("copilot-cli", payload, home.path))?.model).toBeNull();
});
