// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { expect, test } from "vitest";
import type { ModelTurn, OfferedTool } from "../model/conversation.ts";
import { AFTER_AGENT, AFTER_AUTHOR, type ExpectedFiles } from "./expected-lines.ts";
import { createScript, editAsAuthor } from "./script.ts";
import { BASE, HELLO, LAST_EDIT } from "./steps.ts";

const text = { type: "string" } as const;
const TOOLS: readonly OfferedTool[] = [
  { name: "write", schema: { properties: { path: text, content: text } } },
  { name: "edit", schema: { properties: { path: text, old_string: text, new_string: text } } },
  { name: "bash", schema: { properties: { command: text } } },
  { name: "task", schema: { properties: { prompt: text } } },
];

/** An agent that does what it is told, one call at a time, and commits nothing. */
async function obey(workTree: string, turn: ModelTurn, delegate: () => Promise<void>): Promise<void> {
  const input = turn.call?.input as Record<string, string>;
  const { path = "", command = "" } = input;
  switch (turn.call?.tool.name) {
    case "write":
      return writeFile(path, input.content ?? "");
    case "edit": {
      const before = await readFile(path, "utf8");
      return writeFile(path, before.replace(input.old_string ?? "", input.new_string ?? ""));
    }
    case "task":
      return delegate();
    default:
      if (command.includes("git ")) return;
      // It may fail, as the script wants it to.
      await new Promise((resolve) => execFile("sh", ["-c", command], { cwd: workTree }, resolve));
  }
}

async function playAll(workTree: string): Promise<Record<string, string>[]> {
  const { play, progress } = createScript(workTree, "general-purpose");
  const snapshots: Record<string, string>[] = [];
  const converse = async (isDelegated: boolean): Promise<void> => {
    for (let results = 0; ; results++) {
      const turn = await play({ model: "m", tools: TOOLS, results, isDelegated });
      if (turn.call === undefined) return;
      if (JSON.stringify(turn.call.input).includes("git commit")) snapshots.push(await readAll(workTree));
      await obey(workTree, turn, () => converse(true));
    }
  };
  await converse(false);
  expect(progress.problems).toEqual([]);
  expect(progress.isDone).toBe(true);
  await editAsAuthor(workTree, LAST_EDIT);
  return [...snapshots, await readAll(workTree)];
}

async function readAll(workTree: string): Promise<Record<string, string>> {
  const read = async (path: string) => [path, await readFile(join(workTree, path), "utf8")] as const;
  return Object.fromEntries(await Promise.all(Object.keys(AFTER_AUTHOR).map(read)));
}

function textsOf(files: ExpectedFiles): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, lines]) => [path, lines.map((line) => `${line.text}\n`).join("")]),
  );
}

test("an agent that does what the script says ends with the lines that are expected of it", async () => {
  await using folder = await createTemporaryFolder();
  for (const [path, content] of Object.entries(BASE)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), content);
  }
  expect(await playAll(folder.path)).toEqual([textsOf(AFTER_AGENT), textsOf(AFTER_AUTHOR)]);
});

test("a request that comes again gets the same answer, and the author edits once", async () => {
  await using folder = await createTemporaryFolder();
  const { play } = createScript(folder.path, "general-purpose");
  for (const [path, content] of Object.entries({ ...BASE, [HELLO]: '"bye from the agent"\n' })) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), content);
  }
  const request = { model: "m", tools: TOOLS, results: 3, isDelegated: false };
  const first = await play(request);
  const after = await readFile(join(folder.path, HELLO), "utf8");
  expect(after).toContain("bye from the author");
  expect(await play(request)).toEqual(first);
  expect(await readFile(join(folder.path, HELLO), "utf8")).toBe(after);
});

test("an agent without a tool for a step is a problem, not a step that passed", async () => {
  const { play, progress } = createScript("nowhere", "general-purpose");
  const tools = [{ name: "read", schema: {} }];
  const turn = await play({ model: "m", tools, results: 0, isDelegated: false });
  expect(turn.call).toBeUndefined();
  expect(progress.problems).toEqual(["create: no tool for it; there are read"]);
  expect(progress.ordered.has("create")).toBe(false);
});
