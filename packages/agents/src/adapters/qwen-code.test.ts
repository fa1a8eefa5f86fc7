// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { outline, replay } from "../replay.fixture.ts";

const SESSION = "a45478e7-8701-4d20-8c36-18c413425929";
const PROJECT = ".qwen/projects/-repo";

test("reads a session; the transcript's word on the model counts before the environment's", async () => {
  const replayed = await replay(
    "qwen-code",
    "qwen-code/main",
    {
      [`${PROJECT}/chats/${SESSION}.jsonl`]: "transcript.jsonl",
      [`${PROJECT}/subagents/${SESSION}/agent-general-purpose-call_mock0013.jsonl`]: "transcript-2.jsonl",
    },
    { QWEN_CODE_MODEL: "from-environment" },
  );
  expect(outline(replayed)).toEqual([
    "SessionStart session other #- main  qwen3-coder-plus",
    "PreToolUse before edit #1 main /repo/src/hello.ts from-environment",
    "PostToolUse after edit #1 main /repo/src/hello.ts qwen3-coder-plus",
    "PreToolUse before edit #2 main /repo/src/app.ts from-environment",
    "PostToolUse after edit #2 main /repo/src/app.ts qwen3-coder-plus",
    "PreToolUse before shell #3 main  from-environment",
    "PostToolUse after shell #3 main  qwen3-coder-plus",
    "PreToolUse before edit #4 main /repo/src/app.ts from-environment",
    "PostToolUseFailure failed edit #4 main /repo/src/app.ts qwen3-coder-plus",
    "PreToolUse before shell #5 main  from-environment",
    "PostToolUseFailure failed shell #5 main  qwen3-coder-plus",
    "Stop session other #- main  ?",
    "PreToolUse before edit #6 sub /repo/src/app.ts from-environment",
    "PostToolUse after edit #6 sub /repo/src/app.ts from-environment",
    "SubagentStop session other #- sub  ?",
    "Stop session other #- main  ?",
  ]);
});

test("gives the call the id that both events share", async () => {
  const replayed = await replay("qwen-code", "qwen-code/main");
  expect(replayed.find(({ read }) => read?.action === "edit")?.read?.callKey).toBe(
    "toolu_1795375124372_gfoptmim7",
  );
});
