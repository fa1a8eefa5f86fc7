// SPDX-License-Identifier: Apache-2.0
import { dirname, join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { expect, test } from "vitest";
import { ai, type Expected } from "../scenarios/scenario.fixture.ts";
import { createTemplate, type FaultDesk, openDesk } from "./fault-desk.fixture.ts";

const ROUNDS = 5;

/** An agent that makes its file longer by a line in every round, and never looks at anything else. */
async function agentWorks(desk: FaultDesk, tool: string, file: string): Promise<readonly Expected[]> {
  const tags: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    tags.push(`${tool.replace("-", "")}${round}`);
    await desk.call({ tool, id: `${tool}-${round}`, file, tags: [...tags] });
  }
  return tags.map((tag) => ai(tag, tool));
}

/** A person who commits whatever there is, again and again; somebody else's lock on the index is waited for. */
async function personCommits(desk: FaultDesk, file: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    await desk.write(
      file,
      Array.from({ length: round + 1 }, (_, index) => `by_hand${index}`),
    );
    await desk.commit(`round ${round}`);
  }
}

function expectNoAi(found: readonly Expected[], count = ROUNDS): void {
  expect(found).toHaveLength(count);
  for (const [origin] of found) expect(origin).toMatch(/^(human|unknown)$/);
}

async function expectRecords(desk: FaultDesk, count: number): Promise<void> {
  await desk.origins("base.js");
  const listed = await desk.git(["ls-tree", "-r", "--name-only", "refs/countersign/records"]);
  const commits = new Set(listed.split("\n").map((path) => dirname(path)));
  expect(commits.size).toBe(count);
}

test("two agents and a person who commits, in one work tree: every line is whose it is", async () => {
  await using template = await createTemplate();
  await using desk = await template.open();
  await using other = await openDesk(desk.path, async () => undefined);
  const [claude, codex] = await Promise.all([
    agentWorks(desk, "claude-code", "a.js"),
    agentWorks(other, "qwen-code", "b.js"),
    personCommits(desk, "hand.js"),
  ]);
  await desk.git(["add", "-A"]);
  await desk.git(["commit", "-q", "--allow-empty", "-m", "the rest"]);
  expect(await desk.origins("a.js")).toEqual(claude);
  expect(await desk.origins("b.js")).toEqual(codex);
  expectNoAi(await desk.origins("hand.js"));
  await expectRecords(desk, ROUNDS + 2);
  expect(await desk.doctor()).toEqual([]);
});

test("agents and people in linked work trees commit at once: no record and no note is lost", async () => {
  await using template = await createTemplate();
  await using main = await template.open();
  await using folder = await createTemporaryFolder();
  const paths = ["one", "two"].map((name) => join(folder.path, name));
  for (const path of paths) await main.git(["worktree", "add", "-q", "-b", path.slice(-3), path]);
  await using one = await openDesk(paths[0] as string, async () => undefined);
  await using two = await openDesk(paths[1] as string, async () => undefined);
  const work = async (desk: FaultDesk, tool: string, name: string) => {
    const tags: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      tags.push(`${name}${round}`);
      await desk.call({ tool, id: `${tool}-${round}`, file: "a.js", tags: [...tags] });
      await desk.write(
        "hand.js",
        Array.from({ length: round + 1 }, (_, index) => `by_hand${index}`),
      );
      await desk.commit(`round ${round}`);
    }
    return tags.map((tag) => ai(tag, tool));
  };
  const [first, second, third] = await Promise.all([
    work(one, "claude-code", "one"),
    work(two, "qwen-code", "two"),
    work(main, "claude-code", "main"),
  ]);
  expect(await one.origins("a.js")).toEqual(first);
  expect(await two.origins("a.js")).toEqual(second);
  expect(await main.origins("a.js")).toEqual(third);
  for (const desk of [one, two, main]) expectNoAi(await desk.origins("hand.js"));
  await expectRecords(main, 3 * ROUNDS + 1);
  expect((await main.git(["notes", "--ref=ai", "list"])).split("\n")).toHaveLength(3 * ROUNDS);
  for (const desk of [one, two, main]) expect(await desk.doctor()).toEqual([]);
});

test("a linked work tree in which no agent ever was has records of what people commit there", async () => {
  await using template = await createTemplate();
  await using main = await template.open();
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "quiet");
  await main.git(["worktree", "add", "-q", path]);
  await using quiet = await openDesk(path, async () => undefined);
  await quiet.write("hand.js", ["typed"]);
  await quiet.commit("by hand");
  await main.origins("base.js");
  expectNoAi(await quiet.origins("hand.js"), 1);
  await expectRecords(quiet, 2);
});
