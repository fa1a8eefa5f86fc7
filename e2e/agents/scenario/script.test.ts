// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  AUTHOR,
  createRepository,
  createTemporaryFolder,
  type TestRepository,
  tryRun,
} from "@countersign/testkit";
import { expect, test } from "vitest";
import type { ModelTurn, OfferedTool } from "../model/conversation.ts";
import { STORIES } from "../stories/stories.ts";
import { createScript, editAsAuthor } from "./script.ts";
import type { ExpectedCommit, Story } from "./story.ts";

const text = { type: "string" } as const;
const TOOLS: readonly OfferedTool[] = [
  { name: "write", schema: { properties: { path: text, content: text } } },
  { name: "edit", schema: { properties: { path: text, old_string: text, new_string: text } } },
  { name: "bash", schema: { properties: { command: text } } },
  { name: "task", schema: { properties: { prompt: text } } },
];

/** An agent that does what it is told, one call at a time. */
async function obey(repo: TestRepository, turn: ModelTurn, delegate: () => Promise<void>): Promise<void> {
  const input = turn.call?.input as Record<string, string>;
  const { path = "", command = "" } = input;
  switch (turn.call?.tool.name) {
    case "write":
      await mkdir(dirname(path), { recursive: true });
      return writeFile(path, input.content ?? "");
    case "edit": {
      const before = await readFile(path, "utf8");
      return writeFile(path, before.replace(input.old_string ?? "", input.new_string ?? ""));
    }
    case "task":
      return delegate();
    default:
      // It may fail, as the script wants it to.
      await tryRun("sh", ["-c", command], { cwd: repo.path, environment: repo.environment });
  }
}

async function converse(repo: TestRepository, story: Story): Promise<void> {
  const { play, progress } = createScript(story, repo.path, "general-purpose");
  const talk = async (isDelegated: boolean): Promise<void> => {
    for (let results = 0; ; results++) {
      const turn = await play({ model: "m", tools: TOOLS, results, isDelegated });
      if (turn.call === undefined) return;
      await obey(repo, turn, () => talk(true));
    }
  };
  await talk(false);
  expect(progress.problems).toEqual([]);
  expect(progress.isDone).toBe(true);
  expect([...progress.ordered.keys()]).toEqual([...new Set(story.steps.map(({ name }) => name))]);
}

async function expectTexts(repo: TestRepository, commits: readonly ExpectedCommit[]): Promise<void> {
  for (const { commit, title, files } of commits) {
    expect((await repo.git(["log", "-1", "--format=%s", commit])).trim()).toBe(title);
    const paths = (await repo.git(["ls-tree", "-r", "--name-only", commit])).trim().split("\n");
    expect(paths.toSorted()).toEqual(Object.keys(files).toSorted());
    for (const [path, lines] of Object.entries(files))
      expect(await repo.git(["show", `${commit}:${path}`])).toBe(lines.map((line) => line.text).join("\n"));
  }
}

for (const story of STORIES)
  test(`${story.name}: an agent that does what it is told ends with the lines that are expected`, async () => {
    await using repo = await createRepository();
    await repo.commit({ message: "start\n", files: story.base });
    await repo.git(["config", "user.name", AUTHOR.name]);
    await repo.git(["config", "user.email", AUTHOR.email]);
    await converse(repo, story);
    await expectTexts(repo, story.afterAgent);
    await editAsAuthor(repo.path, story.ending.edit);
    await repo.git(["commit", "-q", "-a", "-m", story.ending.title]);
    await expectTexts(repo, story.afterAuthor);
  });

const ONE_EDIT: Story = {
  name: "one-edit",
  base: {},
  steps: [
    {
      name: "edit",
      author: [{ file: "a.ts", old: "one", new: "two" }],
      act: { kind: "edit", file: "a.ts", old: "two", new: "three" },
    },
  ],
  delegated: [],
  ending: { edit: { file: "a.ts", append: "" }, title: "end" },
  afterAgent: [],
  afterAuthor: [],
  columns: ["edit"],
};

test("a request that comes again gets the same answer, and the author edits once", async () => {
  await using folder = await createTemporaryFolder();
  const file = join(folder.path, "a.ts");
  await writeFile(file, "one one\n");
  const { play } = createScript(ONE_EDIT, folder.path, "general-purpose");
  const request = { model: "m", tools: TOOLS, results: 0, isDelegated: false };
  const first = await play(request);
  expect(await readFile(file, "utf8")).toBe("two one\n");
  expect(await play(request)).toEqual(first);
  expect(await readFile(file, "utf8")).toBe("two one\n");
});

test("an agent without a tool for a step is a problem, not a step that passed", async () => {
  await using folder = await createTemporaryFolder();
  await writeFile(join(folder.path, "a.ts"), "one\n");
  const { play, progress } = createScript(ONE_EDIT, folder.path, "general-purpose");
  const tools = [{ name: "read", schema: {} }];
  const turn = await play({ model: "m", tools, results: 0, isDelegated: false });
  expect(turn.call).toBeUndefined();
  expect(progress.problems).toEqual(["edit: no tool for it; there are read"]);
  expect(progress.ordered.has("edit")).toBe(false);
});
