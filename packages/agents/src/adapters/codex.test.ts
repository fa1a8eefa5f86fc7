// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { outline, readPayload, replay } from "../replay.fixture.ts";

test("reads patches and commands; the failed patch has no event after it", async () => {
  expect(outline(await replay("codex", "codex/classic"))).toEqual([
    "SessionStart session other #- main  gpt-5.5",
    "PreToolUse before edit #1 main src/hello.ts gpt-5.5",
    "PostToolUse after edit #1 main src/hello.ts gpt-5.5",
    "PreToolUse before edit #2 main src/app.ts gpt-5.5",
    "PostToolUse after edit #2 main src/app.ts gpt-5.5",
    "PreToolUse before shell #3 main  gpt-5.5",
    "PostToolUse after shell #3 main  gpt-5.5",
    "PreToolUse before edit #4 main src/app.ts gpt-5.5",
    "PreToolUse before shell #5 main  gpt-5.5",
    "PostToolUse after shell #5 main  gpt-5.5",
    "Stop session other #- main  gpt-5.5",
    "SessionEnd session! other #- main  ?",
  ]);
});

test("reads the calls nested in code mode, and a sub-agent's", async () => {
  expect(outline(await replay("codex", "codex/code-mode"))).toEqual([
    "SessionStart session other #- main  gpt-6.1-sol",
    "PreToolUse before edit #1 main src/hello.ts gpt-6.1-sol",
    "PostToolUse after edit #1 main src/hello.ts gpt-6.1-sol",
    "PreToolUse before edit #2 main src/app.ts gpt-6.1-sol",
    "PostToolUse after edit #2 main src/app.ts gpt-6.1-sol",
    "PreToolUse before shell #3 main  gpt-6.1-sol",
    "PostToolUse after shell #3 main  gpt-6.1-sol",
    "PreToolUse before edit #4 main src/app.ts gpt-6.1-sol",
    "PreToolUse before shell #5 main  gpt-6.1-sol",
    "PostToolUse after shell #5 main  gpt-6.1-sol",
    "PreToolUse before edit #6 sub src/app.ts gpt-6.1-sol",
    "PostToolUse after edit #6 sub src/app.ts gpt-6.1-sol",
    "SubagentStop session other #- sub  gpt-6.1-sol",
    "Stop session other #- main  gpt-6.1-sol",
    "SessionEnd session! other #- main  ?",
  ]);
});

test("takes a patch with several files, a move and a deletion apart", async () => {
  const patch = [
    "*** Begin Patch",
    "*** Add File: a.ts",
    "+one",
    "*** Update File: old name.ts",
    "*** Move to: new name.ts",
    "@@",
    " kept",
    "-gone",
    "+two",
    "*** Delete File: c.ts",
    "*** End Patch",
    "",
  ].join("\n");
  const read = await readPayload("codex", {
    session_id: "s",
    cwd: "/repo",
    hook_event_name: "PreToolUse",
    model: "gpt-5.5",
    tool_name: "apply_patch",
    tool_input: { command: patch },
    tool_use_id: "call_1",
  });
  expect(read?.files).toEqual([
    { path: "a.ts", after: "one\n", proposed: ["one\n"] },
    { path: "old name.ts", after: null, proposed: [] },
    { path: "new name.ts", movedFrom: "old name.ts", proposed: ["two\n"] },
    { path: "c.ts", after: null, proposed: [] },
  ]);
});
