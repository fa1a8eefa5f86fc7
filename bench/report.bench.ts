// SPDX-License-Identifier: Apache-2.0
// `report` over 10,000 and 100,000 shipped commits, and the check of a bundle of 10,000 signed changes with no repository at hand.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { BUNDLE, type Call, compare, printHeader, printRow, sample } from "./measure.ts";
import { buildShippedHistory, type ShippedHistory } from "./shipped-history.ts";

const command = (cwd: string, ...args: readonly string[]): Call => ({
  program: process.execPath,
  args: [BUNDLE, ...args],
  cwd,
});
const reportOf = ({ repo, base, head }: ShippedHistory, ...args: readonly string[]) =>
  command(
    repo.path,
    "report",
    "--base",
    base,
    "--head",
    head,
    "--target",
    "refs/heads/main",
    "--blame-seconds",
    "0",
    ...args,
  );
const git = ({ repo, base, head }: ShippedHistory): Call => ({
  program: "git",
  args: ["log", "--format=raw", "--raw", "-z", "--no-renames", "-m", `${base}..${head}`],
  cwd: repo.path,
});

async function main(): Promise<void> {
  printHeader();
  const few = await measureReport("report, 10,000 commits, 500 changes signed", 5_000, 500, 60_000, 1);
  const many = await measureReport(
    "report, 100,000 commits, 5,000 changes signed",
    50_000,
    5_000,
    600_000,
    0,
  );
  const growth = (many ?? 0) / (few ?? 1);
  console.log(`${"".padEnd(2)}memory: ten times the commits take ${growth.toFixed(2)} times as much`);
  await measureAudit();
}

async function measureReport(
  what: string,
  changes: number,
  signed: number,
  budget: number,
  runs: number,
): Promise<number | null> {
  await using history = await buildShippedHistory(changes, signed);
  const result = await compare(reportOf(history, "--json"), git(history), Math.max(1, runs));
  const isHeld = result.ours.exitCode === 0 && result.ours.median <= budget;
  printRow(what, result.ours, result.git, `<= ${budget / 1000} s`, isHeld);
  return result.ours.peakMemory;
}

/** Every change has an AI and a sign-off, and the log has all of them: the whole audit is the report, and the check elsewhere. */
async function measureAudit(): Promise<void> {
  await using history = await buildShippedHistory(10_000, 10_000);
  const { path } = history.repo;
  const folder = join(path, "ledger");
  const bundle = join(path, "audit.json");
  const log = ["--dir", folder];
  await mkdir(folder, { recursive: true });
  await sample(command(path, "ledger", "init", ...log, "--origin", "log.example/bench"), 1).catch(
    () => undefined,
  );
  await once(command(path, "ledger", "append", ...log), "ledger append, 10,000 sign-offs");
  await once(
    reportOf(history, "--ledger", folder, "--bundle", bundle, "--json"),
    "report --bundle, 10,000 signed changes",
    60_000,
  );
  const check = await sample(command("/", "ledger", "verify", "--bundle", bundle), 1);
  printRow(
    "ledger verify --bundle, 10,000 signed changes, offline",
    check,
    null,
    "<= 60 s",
    check.exitCode === 0 && check.median <= 60_000,
  );
  await rm(bundle);
}

async function once(call: Call, what: string, budget?: number): Promise<void> {
  const result = await sample(call, 1);
  const isHeld = result.exitCode === 0 && (budget === undefined || result.median <= budget);
  printRow(what, result, null, budget === undefined ? "" : `<= ${budget / 1000} s`, isHeld);
}

await main();
