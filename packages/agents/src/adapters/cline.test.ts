// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { outline, readPayload, replay } from "../replay.fixture.ts";

const FOLDER = ".cline/data/sessions/1795375319712_84c02";

test("reads a session with a sub-agent; a failed edit says so only in the tool's own answer", async () => {
  const replayed = await replay("cline", "cline/main", {
    [`${FOLDER}/1795375319712_84c02.messages.json`]: "transcript.json",
    [`${FOLDER}/agent_1795375324154_jg43cl.messages.json`]: "transcript-2.json",
  });
  expect(outline(replayed)).toEqual([
    "TaskStart session other #- main  ?",
    "PreToolUse before edit #1 main /repo/src/hello.ts ?",
    "PostToolUse after edit #1 main /repo/src/hello.ts mock-model",
    "PreToolUse before edit #2 main /repo/src/app.ts ?",
    "PostToolUse after edit #2 main /repo/src/app.ts mock-model",
    "PreToolUse before shell #3 main  ?",
    "PostToolUse after shell #3 main  mock-model",
    "PreToolUse before edit #4 main /repo/src/app.ts ?",
    "PostToolUse failed edit #4 main /repo/src/app.ts mock-model",
    "PreToolUse before shell #5 main  ?",
    "PostToolUse failed shell #5 main  mock-model",
    "TaskStart session other #- sub  ?",
    "PreToolUse before edit #6 sub /repo/src/app.ts ?",
    "PostToolUse after edit #6 sub /repo/src/app.ts mock-model",
    "TaskComplete session other #- sub  ?",
    "TaskComplete session other #- main  ?",
  ]);
});

test("reads the older form, which wraps lists in strings and gives calls no id", async () => {
  const base = { hookName: "PreToolUse", clineVersion: "3.36.0", taskId: "t1", workspaceRoots: ["/repo"] };
  const before = await readPayload("cline", {
    ...base,
    preToolUse: { toolName: "write_to_file", parameters: { path: "a.ts", content: "x\n" } },
  });
  const after = await readPayload("cline", {
    ...base,
    hookName: "PostToolUse",
    model: { provider: "anthropic", slug: "claude-opus-4-8" },
    postToolUse: { toolName: "write_to_file", parameters: { path: "a.ts", content: "x\n" }, success: true },
  });
  expect(before).toMatchObject({
    phase: "before",
    session: "t1",
    files: [{ path: "a.ts", proposed: ["x\n"] }],
  });
  expect(after).toMatchObject({ phase: "after", callKey: before?.callKey, model: "claude-opus-4-8" });
});
