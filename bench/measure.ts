// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";

/** The bundle under test; scripts/bench.mjs builds it first and says where it is. */
export const BUNDLE: string =
  process.env.COUNTERSIGN_BUNDLE ?? new URL("../apps/cli/dist/countersign.mjs", import.meta.url).pathname;

export interface Sample {
  /** Median wall time in milliseconds. */
  readonly median: number;
  readonly least: number;
  /** Largest resident set of the process itself in MiB, where the system tells (Linux), else null. */
  readonly peakMemory: number | null;
  readonly exitCode: number;
}

export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs two calls alternately, so that a machine that slows down slows both, and returns both samples. */
export async function compare(
  ours: Call,
  theirs: Call,
  runs: number,
): Promise<{ readonly ours: Sample; readonly git: Sample }> {
  const results: { ours: Run[]; git: Run[] } = { ours: [], git: [] };
  for (let i = 0; i <= runs; i++) {
    const git = await runOnce(theirs);
    const own = await runOnce(ours);
    // The first round warms the page cache and is thrown away.
    if (i > 0) {
      results.git.push(git);
      results.ours.push(own);
    }
  }
  return { ours: toSample(results.ours), git: toSample(results.git) };
}

/** Runs some calls in turns, each made when it comes to it; the first rounds warm what is cached and are thrown away. */
export async function timeInTurns(
  rounds: number,
  calls: readonly (() => Call)[],
): Promise<readonly Sample[]> {
  const results = calls.map((): Run[] => []);
  for (let round = 0; round < rounds + 2; round++)
    for (const [index, make] of calls.entries()) {
      const run = await runOnce(make());
      if (round >= 2) results[index]?.push(run);
    }
  return results.map(toSample);
}

export async function sample(call: Call, runs: number): Promise<Sample> {
  const results: Run[] = [];
  await runOnce(call);
  for (let i = 0; i < runs; i++) results.push(await runOnce(call));
  return toSample(results);
}

/** What every program of ours pays before its first line: the floor below which none can come. */
export function startNode(): Promise<Sample> {
  return sample({ program: process.execPath, args: ["-e", ""], cwd: tmpdir() }, 21);
}

interface Run {
  readonly milliseconds: number;
  readonly memory: number | null;
  readonly exitCode: number;
}

function runOnce(call: Call): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      ...call.environment,
    };
    const child = spawn(call.program, call.args, { cwd: call.cwd, env, stdio: ["pipe", "pipe", "ignore"] });
    let memory: number | null = null;
    const poll = setInterval(() => {
      memory = Math.max(memory ?? 0, readPeak(child.pid) ?? 0) || memory;
    }, 20);
    child.stdout.on("data", () => undefined);
    child.stdin.on("error", () => undefined);
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(poll);
      resolve({
        milliseconds: Number(process.hrtime.bigint() - started) / 1e6,
        memory,
        exitCode: code ?? 128,
      });
    });
    child.stdin.end(call.input ?? "");
  });
}

function readPeak(pid: number | undefined): number | null {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return line === null ? null : Number(line[1]) / 1024;
  } catch {
    return null;
  }
}

function toSample(runs: readonly Run[]): Sample {
  const times = runs.map((run) => run.milliseconds).sort((a, b) => a - b);
  const memory = runs.flatMap((run) => (run.memory === null ? [] : [run.memory]));
  return {
    median: times[Math.floor(times.length / 2)] ?? Number.NaN,
    least: times[0] ?? Number.NaN,
    peakMemory: memory.length === 0 ? null : Math.max(...memory),
    exitCode: runs.at(-1)?.exitCode ?? 128,
  };
}

/** One row of a benchmark's table: what, our time, Git's time, the ratio, and whether the budget holds. */
export function printRow(
  what: string,
  ours: Sample,
  git: Sample | null,
  budget: string,
  isHeld: boolean,
): void {
  const ratio = git === null ? "" : `${(ours.median / git.median).toFixed(2)}x`;
  const memory = ours.peakMemory === null ? "" : `${ours.peakMemory.toFixed(0)} MiB`;
  const columns = [
    what.padEnd(58),
    `${ours.median.toFixed(0)} ms`.padStart(9),
    git === null ? "".padStart(9) : `${git.median.toFixed(0)} ms`.padStart(9),
    ratio.padStart(8),
    memory.padStart(9),
  ];
  console.log(`${columns.join(" ")}   ${isHeld ? "ok  " : "OVER"} ${budget}`);
}

export function printHeader(): void {
  console.log(
    `${"".padEnd(58)} ${"ours".padStart(9)} ${"git".padStart(9)} ${"ratio".padStart(8)} ${"memory".padStart(9)}`,
  );
}

/** `--repo PATH` of a benchmark. */
export function repositoryArgument(): string | undefined {
  return parseArgs({ options: { repo: { type: "string" } }, allowPositionals: true, strict: false }).values
    .repo as string | undefined;
}
