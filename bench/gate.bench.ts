// SPDX-License-Identifier: Apache-2.0
// `gate` cold (a process of its own each time) and a pre-receive check, against plain Git doing the least such a gate must.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildLargeHistory, createRepository, createSshKey, type TestRepository } from "@countersign/testkit";
import { measureMachine } from "./machine.ts";
import { BUNDLE, compare, printHeader, printRow } from "./measure.ts";

const POLICY = (key: string) => `version: 1
extends: amazon
repository: https://git.example/team/project
people:
  author: { emails: [author@example.com] }
  senior: { emails: [senior@example.com], keys: ["${key}"] }
roles:
  senior: { members: [senior] }
`;

const ai = (n: number) => `area: change ${n}\n\nAI-Assisted: claude-code/claude-opus-4-8\n`;

interface Case {
  readonly what: string;
  readonly commits: number;
  readonly files: number;
  /** Milliseconds. */
  readonly budget: number;
}

const CASES: readonly Case[] = [
  { what: "gate, 50 commits, cold", commits: 50, files: 100, budget: 400 },
  { what: "gate, 1,000 commits and 10,000 files, cold", commits: 1000, files: 10_000, budget: 2000 },
];

async function main(): Promise<void> {
  await using key = await createSshKey("senior");
  const machine = await measureMachine();
  printHeader();
  for (const one of CASES) {
    await using repo = await build(key.publicKey, one);
    const base = await repo.id("refs/heads/main");
    const head = await repo.id("refs/heads/change");
    const gate = {
      program: process.execPath,
      args: [
        BUNDLE,
        "gate",
        "--json",
        "--repo",
        repo.path,
        "--base",
        base,
        "--head",
        head,
        "--target",
        "refs/heads/main",
      ],
      cwd: repo.path,
    };
    const git = {
      program: "git",
      args: ["log", "--format=raw", "--raw", "-z", "--no-renames", `${base}..${head}`],
      cwd: repo.path,
    };
    const result = await compare(gate, git, 5);
    const isRight = result.ours.exitCode === 1;
    printRow(
      one.what,
      result.ours,
      result.git,
      machine.say(one.budget),
      isRight && result.ours.median <= machine.allow(one.budget),
    );
  }
  await comparePreReceive(key.publicKey);
}

async function build(
  key: string,
  { commits, files }: Pick<Case, "commits" | "files">,
): Promise<TestRepository> {
  const repo = await createRepository({ bare: true });
  const start = await repo.commit({
    message: "start\n",
    files: { ".countersign/policy.yml": POLICY(key), "README.md": "A project.\n" },
  });
  const filesPerCommit = Math.max(1, Math.ceil(files / commits));
  const path = (n: number) =>
    n % 10 === 0 ? `infra/module${n % 97}/part${n}.tf` : `src/part${n % 100}/file${n}.txt`;
  await buildLargeHistory(repo, {
    commits,
    filesPerCommit,
    files,
    branch: "change",
    from: start,
    message: ai,
    author: () => ({ name: "author", email: "author@example.com" }),
    path,
  });
  return repo;
}

/** What a server adds to a push of 1,000 commits: the hook's process as the server would run it. */
async function comparePreReceive(key: string): Promise<void> {
  await using repo = await build(key, { commits: 1000, files: 1000 });
  const base = await repo.id("refs/heads/main");
  const head = await repo.id("refs/heads/change");
  const input = `${base} ${head} refs/heads/main\n`;
  const hook = {
    program: process.execPath,
    args: [BUNDLE, "hook", "pre-receive"],
    cwd: repo.path,
    input,
    environment: { GIT_DIR: "." },
  };
  const script = join(repo.path, "list.sh");
  await writeFile(script, 'read -r old new ref; exec git log --format="%H %an %ae %B" "$new" --not "$old"\n');
  const git = { program: "sh", args: [script], cwd: repo.path, input, environment: { GIT_DIR: "." } };
  const result = await compare(hook, git, 5);
  printRow(
    "pre-receive, push of 1,000 commits",
    result.ours,
    result.git,
    "refused with its reason; one check a push, no process per commit",
    result.ours.exitCode === 1,
  );
}

await main();
