// SPDX-License-Identifier: Apache-2.0
// `git commit` with nothing of ours, with hooks and nothing pending, and with an agent's lines pending, loose and packed; how long
// after it the record is there; and 104 commits in a row.
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { measureMachine } from "./machine.ts";
import { BUNDLE, printHeader, printRow, type Sample, startNode } from "./measure.ts";

const RECORD = BUNDLE.replace(/countersign\.mjs$/, "countersign-record.mjs");
const ROUNDS = 41;
/** A person's clone is not empty. */
const FILES = 200;

function run(repo: TestRepository, program: string, args: readonly string[], input = ""): number {
  const env = { ...repo.environment, HOME: repo.path };
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, args, { cwd: repo.path, env, input, encoding: "utf8" });
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${stderr}`);
  return milliseconds;
}

async function createClone(isRecorded: boolean): Promise<TestRepository> {
  const repo = await createRepository();
  await repo.git(["config", "user.name", "author"]);
  await repo.git(["config", "user.email", "author@example.com"]);
  const text = (n: number) =>
    Array.from({ length: 40 }, (_, i) => `value${n} = first.second(${i});\n`).join("");
  const files = Object.fromEntries(Array.from({ length: FILES }, (_, n) => [`src/file${n}.js`, text(n)]));
  await repo.commit({ message: "base", files });
  if (isRecorded) run(repo, process.execPath, [BUNDLE, "init", "--no-agents"]);
  return repo;
}

function sendEvent(repo: TestRepository, event: string, call: number, file: string): void {
  const payload = {
    session_id: "bench",
    cwd: repo.path,
    hook_event_name: event,
    tool_name: "Write",
    tool_use_id: `call-${call}`,
    tool_input: { file_path: join(repo.path, file), content: "" },
    tool_response: {},
  };
  run(repo, process.execPath, [RECORD, "claude-code"], JSON.stringify(payload));
}

let written = 0;

/** One more line in one file, staged; by an agent or by nobody. */
function stageLine(repo: TestRepository, isAgent: boolean): void {
  const call = written++;
  const file = `src/file${call % FILES}.js`;
  if (isAgent) sendEvent(repo, "PreToolUse", call, file);
  appendFileSync(join(repo.path, file), `added${call} = alpha.bravo(charlie${call}, delta);\n`);
  if (isAgent) sendEvent(repo, "PostToolUse", call, file);
  run(repo, "git", ["add", file]);
}

function toSample(times: readonly number[]): Sample {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { median, least: sorted[0] ?? Number.NaN, peakMemory: null, exitCode: 0 };
}

/**
 * Record and note are made after `git commit` has returned. Asked of the files alone: a process that looks would take the time that it
 * measures from the one that it waits for.
 */
async function waitForRecord(repo: TestRepository): Promise<number> {
  const started = performance.now();
  const flushed = join(repo.path, ".git/countersign/recorder/flushed.json");
  const head = join(repo.path, ".git/logs/HEAD");
  while (performance.now() - started < 60_000) {
    const { headLog } = JSON.parse(readFileSync(flushed, "utf8")) as { headLog: number };
    if (headLog === statSync(head).size) return performance.now() - started;
    await setTimeout(2);
  }
  throw new Error("the record of a commit did not come within a minute");
}

/** In turns, so that a machine that slows down slows all of them; the first rounds warm what is cached. */
async function timeCommits(cases: readonly CommitCase[]): Promise<Timed> {
  const times = cases.map((): number[] => []);
  const waits: number[] = [];
  for (let round = 0; round < ROUNDS + 3; round++)
    for (const [index, { repo, isAgent, isPacked }] of cases.entries()) {
      stageLine(repo, isAgent);
      if (isPacked === true) run(repo, "git", ["repack", "-adq"]);
      const time = run(repo, "git", ["commit", "-q", "-m", `bench: change ${round}`]);
      const wait = isAgent ? await waitForRecord(repo) : undefined;
      if (round < 3) continue;
      times[index]?.push(time);
      if (wait !== undefined && isPacked !== true) waits.push(time + wait);
    }
  return { commits: times.map(toSample), records: toSample(waits) };
}

interface CommitCase {
  readonly repo: TestRepository;
  readonly isAgent: boolean;
  /** All that was committed before lies in a pack, as in every clone. */
  readonly isPacked?: boolean;
}

interface Timed {
  readonly commits: readonly Sample[];
  /** From the start of `git commit` until record and note are there. */
  readonly records: Sample;
}

function printDifference(what: string, ours: Sample, git: Sample, budget: number): void {
  const more = ours.median - git.median;
  printRow(
    `${what}: +${more.toFixed(1)} ms`,
    ours,
    git,
    `${machine.say(budget)} p50 over plain git`,
    more <= machine.allow(budget),
  );
}

async function countRecords(repo: TestRepository): Promise<number> {
  const listed = await repo.git(["ls-tree", "-r", "--name-only", "refs/countersign/records"]);
  return new Set(listed.split("\n").map((path) => path.split("/").slice(0, 2).join(""))).size;
}

async function timeBurst(): Promise<void> {
  await using server = await createRepository({ bare: true });
  await using repo = await createClone(true);
  await repo.git(["remote", "add", "origin", server.path]);
  const times = Array.from({ length: 104 }, () => {
    stageLine(repo, true);
    return run(repo, "git", ["commit", "-q", "-m", "one of many"]);
  });
  run(repo, "git", ["push", "-q", "origin", "HEAD:main"]);
  const [records, notes] = [
    await countRecords(server),
    (await server.git(["notes", "--ref=ai", "list"])).split("\n").length,
  ];
  const isWhole = records === 104 && notes === 104;
  const what = `104 commits by an agent, pushed at once: ${records} records, ${notes} notes`;
  printRow(what, toSample(times), null, "nothing lost", isWhole);
}

const machine = await measureMachine();
await using plain = await createClone(false);
await using quiet = await createClone(true);
await using pending = await createClone(true);
await using packed = await createClone(true);
printHeader();
const { commits, records } = await timeCommits([
  { repo: plain, isAgent: false },
  { repo: quiet, isAgent: false },
  { repo: pending, isAgent: true },
  { repo: packed, isAgent: true, isPacked: true },
]);
const [git, none, ai, cloned] = commits;
if (git !== undefined && none !== undefined && ai !== undefined && cloned !== undefined) {
  printDifference("git commit, hooks, nothing pending", none, git, 3);
  printDifference("git commit, an agent's lines pending", ai, git, 40);
  printDifference("the same, history packed", cloned, git, 40);
  printRow("until its record and note are there, nobody waiting", records, git, "shown only", true);
  printRow("bare start of Node, of which one is in it", await startNode(), git, "shown only", true);
}
await timeBurst();
