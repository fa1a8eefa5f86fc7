// SPDX-License-Identifier: Apache-2.0
// How well the classifier reads infrastructure: precision and recall on labelled changes, every miss and false alarm by name.
// And how long it takes with a change of 10,000 Terraform files, as `impact` shows it and as `gate` asks for it.
import { spawnSync } from "node:child_process";
import { assessChange } from "@countersign/core/infrastructure";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { type Answer, formatCorpusReport, measureCorpus } from "./infrastructure/measure-corpus.ts";
import { type CorpusCase, readCorpus } from "./infrastructure/read-corpus.ts";
import { measureMachine } from "./machine.ts";
import { BUNDLE, compare, printHeader, printRow } from "./measure.ts";

/** Milliseconds: the gate's for a change of that many files. */
const BUDGET = 2000;
const FILES = 10_000;
const POLICY = `version: 1
repository: https://git.example/team/project
people:
  senior: { emails: [senior@example.com] }
roles:
  senior: { members: [senior] }
rules:
  - id: an-ai-opened-something
    when: change.resources.exists(r, r.ai.lines > 0 && "cidr-opened" in r.dangers)
    require: { role: senior }
`;

console.log(formatCorpusReport(measureCorpus(readCorpus(), classify)));
await timeLargeChange();

async function timeLargeChange(): Promise<void> {
  await using repo = await createRepository();
  const base = await repo.commit({
    message: "base\n",
    files: { ".countersign/policy.yml": POLICY, ...toModules("10.0.0.0/8") },
  });
  const head = await repo.commit({
    message: "net: open\n\nAI-Assisted: claude-code/claude-opus-4-8\n",
    files: toModules("0.0.0.0/0"),
  });
  const machine = await measureMachine();
  printHeader();
  const range = ["--base", base, "--head", head];
  await timeOne(repo, { what: "impact", args: range, says: "aws_security_group_rule", machine });
  await timeOne(repo, {
    what: "gate",
    args: [...range, "--target", "refs/heads/main"],
    says: '"verdict":"pending"',
    machine,
  });
}

function toModules(cidr: string): Record<string, string> {
  const text = (n: number) => `resource "aws_security_group_rule" "rule${n}" {
  type        = "ingress"
  from_port   = 443
  to_port     = 443
  protocol    = "tcp"
  cidr_blocks = ["${cidr}"]
  description = "rule ${n}"
}
`;
  return Object.fromEntries(
    Array.from({ length: FILES }, (_, n) => [`modules/part${n % 100}/rule${n}.tf`, text(n)]),
  );
}

interface Case {
  readonly what: "impact" | "gate";
  readonly args: readonly string[];
  /** Stands in what it prints only if it saw what was opened. */
  readonly says: string;
  readonly machine: Awaited<ReturnType<typeof measureMachine>>;
}

async function timeOne(repo: TestRepository, { what, args, says, machine }: Case): Promise<void> {
  const [, base = "", , head = ""] = args;
  const ours = { program: process.execPath, args: [BUNDLE, what, "--json", ...args], cwd: repo.path };
  const git = { program: "git", args: ["diff", "--no-renames", base, head], cwd: repo.path };
  const { stdout } = spawnSync(ours.program, ours.args, { cwd: ours.cwd, encoding: "utf8", maxBuffer: 1e8 });
  const isRight = stdout.includes(says) && stdout.split('"cidr-opened"').length > FILES;
  const result = await compare(ours, git, 5);
  const isMet = isRight && result.ours.median <= machine.allow(BUDGET);
  printRow(`${what}, ${FILES} Terraform files changed`, result.ours, result.git, machine.say(BUDGET), isMet);
}

function classify({ before, after }: CorpusCase): readonly Answer[] {
  const side = (texts: ReadonlyMap<string, string>, path: string) => {
    const text = texts.get(path);
    return text === undefined ? null : { path, text };
  };
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const changes = paths.map((path) => ({ path, before: side(before, path), after: side(after, path) }));
  return assessChange(changes).resources.map((resource) => ({
    ...resource,
    dangers: resource.dangers.map(({ code }) => code),
  }));
}
