// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { outline, readPayload, recorded, replay, temporaryHome } from "../replay.fixture.ts";

const CHATS = ".gemini/tmp/repo/chats";
const SESSION = "94731756-557b-458f-bb89-e569f08ce018";
const TRANSCRIPT = `${CHATS}/session-2026-11-22T19-18-94731756.jsonl`;

test("reads a session whose calls have no ids, and whose sub-agent has no mark", async () => {
  const replayed = await replay("gemini-cli", "gemini-cli/main", {
    [TRANSCRIPT]: "transcript.jsonl",
    [`${CHATS}/${SESSION}/d4e0306d-8672-433e-9e19-f9a6e7d7306c.jsonl`]: "transcript-2.jsonl",
  });
  expect(outline(replayed)).toEqual([
    "SessionStart session other #- main  ?",
    "BeforeTool before edit #1 main /repo/src/hello.ts ?",
    "AfterTool after edit #1 main /repo/src/hello.ts gemini-2.5-pro",
    "BeforeTool before edit #2 main /repo/src/app.ts ?",
    "AfterTool after edit #2 main /repo/src/app.ts gemini-2.5-pro",
    "BeforeTool before shell #3 main  ?",
    "AfterTool after shell #3 main  gemini-2.5-pro",
    "BeforeTool before edit #4 main /repo/src/app.ts ?",
    "AfterTool failed edit #4 main /repo/src/app.ts gemini-2.5-pro",
    "BeforeTool before shell #5 main  ?",
    "AfterTool after shell #5 main  gemini-2.5-pro",
    "BeforeTool before edit #6 main /repo/src/app.ts ?",
    "AfterTool after edit #6 main /repo/src/app.ts gemini-2.5-pro",
    "AfterAgent session other #- main  ?",
    "SessionEnd session! other #- main  ?",
  ]);
});

test("holds the texts before and after every edit", async () => {
  const replayed = await replay("gemini-cli", "gemini-cli/main");
  const files = replayed.flatMap(({ read }) => (read?.phase === "after" ? read.files : []));
  expect(files[0]).toMatchObject({
    path: "/repo/src/hello.ts",
    before: null,
    after: expect.stringMatching(/^export/),
  });
  expect(files[1]?.after).toContain("const sum = a + b");
  expect(files[1]?.before).not.toContain("const sum = a + b");
});

test("names the model of whoever took the last turn, the agent or its sub-agent", async () => {
  const turn = (at: string, model: string) =>
    `${JSON.stringify({ type: "gemini", timestamp: at, content: "", model })}\n`;
  const after = recorded("gemini-cli/main").find(({ event }) => event === "AfterTool")?.payload;
  const main = turn("2026-11-22T19:18:50.883Z", "gemini-2.5-pro");
  using sub = temporaryHome({
    [TRANSCRIPT]: main,
    [`${CHATS}/${SESSION}/d4e0306d.jsonl`]: turn("2026-11-22T19:18:51.989Z", "gemini-2.5-flash"),
  });
  expect((await readPayload("gemini-cli", after, sub.path))?.model).toBe("gemini-2.5-flash");
  using back = temporaryHome({
    [TRANSCRIPT]: main + turn("2026-11-22T19:19:04.526Z", "gemini-3-pro"),
    [`${CHATS}/${SESSION}/d4e0306d.jsonl`]: turn("2026-11-22T19:18:51.989Z", "gemini-2.5-flash"),
  });
  expect((await readPayload("gemini-cli", after, back.path))?.model).toBe("gemini-3-pro");
});
