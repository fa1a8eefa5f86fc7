// SPDX-License-Identifier: Apache-2.0
// Budgets in milliseconds were set on a machine on which a plain `git commit` takes 7.4 ms. Another one is measured by the same
// commit in the same run, so that a budget says the same of the program wherever it runs.
import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { createRepository, type TestRepository } from "@countersign/testkit";

const REFERENCE_MILLISECONDS = 7.4;
const ROUNDS = 41;

export interface Machine {
  /** How many times slower than the reference this machine is; at least 1: a faster one is given no less time. */
  readonly factor: number;
  /** `<= 400 ms`, with what that comes to here. */
  readonly say: (budget: number, unit?: string) => string;
  /** The budget as it counts here, in its own unit. */
  readonly allow: (budget: number) => number;
}

/** Median of plain commits of one changed line. */
export async function measureMachine(): Promise<Machine> {
  await using repo = await createRepository();
  runGit(repo, ["config", "user.name", "author"]);
  runGit(repo, ["config", "user.email", "author@example.com"]);
  const times = Array.from({ length: ROUNDS + 3 }, () => timeCommit(repo)).slice(3);
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
  const factor = Math.max(1, median / REFERENCE_MILLISECONDS);
  console.log(
    `plain git commit: ${median.toFixed(1)} ms here, ${REFERENCE_MILLISECONDS} ms where budgets in ms were set; they count x ${factor.toFixed(2)}`,
  );
  const allow = (budget: number) => budget * factor;
  return {
    factor,
    allow,
    say: (budget, unit = "ms") =>
      `<= ${budget} ${unit}${factor === 1 ? "" : ` (${round(allow(budget))} ${unit} here)`}`,
  };
}

const round = (number: number) => (number < 20 ? number.toFixed(1) : number.toFixed(0));

function timeCommit(repo: TestRepository): number {
  appendFileSync(join(repo.path, "file"), "one more line\n");
  runGit(repo, ["add", "file"]);
  const started = process.hrtime.bigint();
  runGit(repo, ["commit", "-q", "-m", "plain"]);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

function runGit({ path, environment }: TestRepository, args: readonly string[]): void {
  const { status } = spawnSync("git", args, { cwd: path, env: { ...environment, HOME: path } });
  if (status !== 0) throw new Error(`git ${args[0]} failed`);
}
