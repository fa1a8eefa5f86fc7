// SPDX-License-Identifier: Apache-2.0
// What an agent waits for in a repository of 30,000 files: one hook around an edit of one file, and the looks at the work tree
// around a shell command, against `git status` there.
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { measureMachine } from "./machine.ts";
import {
  BUNDLE,
  type Call,
  compare,
  printHeader,
  printRow,
  type Sample,
  startNode,
  timeInTurns,
} from "./measure.ts";

const RECORD = BUNDLE.replace(/countersign\.mjs$/, "countersign-record.mjs");
const FILES = 30_000;
const ROUNDS = 31;
const EDIT_BUDGET = 40;
const SHELL_BUDGET = 2;

function pathOf(n: number): string {
  return `src/part${n % 300}/file${n}.ts`;
}

async function build(repo: TestRepository): Promise<void> {
  for (let n = 0; n < FILES; n++) {
    const path = join(repo.path, pathOf(n));
    if (n < 300) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `export const value${n} = compute(${n}, base);\n`.repeat(1 + (n % 40)));
  }
  await repo.git(["add", "-A"]);
  await repo.git([
    "-c",
    "user.name=author",
    "-c",
    "user.email=author@example.com",
    "commit",
    "-q",
    "-m",
    "base",
  ]);
  await repo.git(["repack", "-adq"]);
}

let calls = 0;

function hook(repo: TestRepository, event: string, tool: string, input: object): Call {
  const payload = {
    session_id: "bench",
    cwd: repo.path,
    hook_event_name: event,
    tool_name: tool,
    tool_use_id: `call-${calls}`,
    tool_input: input,
    tool_response: {},
  };
  return {
    program: process.execPath,
    args: [RECORD, "claude-code"],
    cwd: repo.path,
    input: JSON.stringify(payload),
    environment: { HOME: repo.path },
  };
}

/** Each call as an agent makes it: the edit between the two hooks is there when the second one comes. */
async function timeEdits(repo: TestRepository): Promise<{ readonly before: Sample; readonly after: Sample }> {
  const [before, after] = await timeInTurns(ROUNDS, [
    () => {
      calls += 1;
      return hook(repo, "PreToolUse", "Edit", { file_path: join(repo.path, pathOf(calls)) });
    },
    () => {
      const path = join(repo.path, pathOf(calls));
      const added = `export const added${calls} = another(${calls});\n`;
      appendFileSync(path, added);
      return hook(repo, "PostToolUse", "Edit", { file_path: path, old_string: "", new_string: added });
    },
  ]);
  return { before: before as Sample, after: after as Sample };
}

async function timeShells(repo: TestRepository): Promise<readonly Sample[]> {
  const status = { program: "git", args: ["status", "--porcelain", "-uall"], cwd: repo.path };
  const command = { command: "make" };
  return timeInTurns(ROUNDS, [
    () => status,
    () => {
      calls += 1;
      return hook(repo, "PreToolUse", "Bash", command);
    },
    () => {
      appendFileSync(join(repo.path, pathOf(calls * 7)), `export const made${calls} = generate(${calls});\n`);
      return hook(repo, "PostToolUse", "Bash", command);
    },
  ]);
}

async function main(): Promise<void> {
  await using repo = await createRepository();
  await build(repo);
  const init = { program: process.execPath, args: [BUNDLE, "init", "--no-agents"], cwd: repo.path };
  const status = { program: "git", args: ["status", "--porcelain", "-uall"], cwd: repo.path };
  await compare({ ...init, environment: { HOME: repo.path } }, status, 0);
  printHeader();
  const { before, after } = await timeEdits(repo);
  const [git, shellBefore, shellAfter] = await timeShells(repo);
  if (git === undefined || shellBefore === undefined || shellAfter === undefined) return;
  const node = await startNode();
  const machine = await measureMachine();
  const budget = `${machine.say(EDIT_BUDGET)} p50`;
  printRow(
    "hook before an edit of one file",
    before,
    git,
    budget,
    before.median <= machine.allow(EDIT_BUDGET),
  );
  printRow("hook after an edit of one file", after, git, budget, after.median <= machine.allow(EDIT_BUDGET));
  printRow("bare start of Node, of which one is in each hook", node, git, "shown only", true);
  for (const [what, sample] of [
    ["before", shellBefore],
    ["after", shellAfter],
  ] as const)
    printRow(
      `hook ${what} a shell command, with its look at the work tree`,
      sample,
      git,
      `<= ${SHELL_BUDGET} x git status`,
      sample.median <= SHELL_BUDGET * git.median,
    );
}

await main();
