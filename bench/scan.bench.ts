// SPDX-License-Identifier: Apache-2.0
// `scan` against `git log --format=%B` over the same history, and its memory at two lengths of history.
import { buildLargeHistory, createRepository } from "@countersign/testkit";
import { BUNDLE, compare, printHeader, printRow, repositoryArgument, sample } from "./measure.ts";

const scan = (cwd: string, ...args: readonly string[]) => ({
  program: process.execPath,
  args: [BUNDLE, "scan", "--json", "--repo", cwd, ...args],
  cwd,
});
const log = (cwd: string) => ({ program: "git", args: ["log", "--format=%B"], cwd });

async function main(): Promise<void> {
  const real = repositoryArgument();
  printHeader();
  if (real !== undefined) await compareHistory("scan of all history", real);
  else await compareBuilt();
}

async function compareHistory(what: string, path: string): Promise<void> {
  const { ours, git } = await compare(scan(path), log(path), 5);
  printRow(what, ours, git, "<= 1.5 x git log --format=%B", ours.median <= 1.5 * git.median);
}

/** Every tenth commit names an AI, in one of the ways in which they do. */
const MESSAGES = [
  "fix: handle the empty case\n\nCo-authored-by: Claude <noreply@anthropic.com>\n",
  "feat: add the route\n\nAI-Assisted: claude-code/claude-opus-4-8\n",
  "docs: explain it\n\nAssisted-by: GPT-5\n",
];

async function compareBuilt(): Promise<void> {
  await using repo = await createRepository({ bare: true });
  const message = (n: number) =>
    n % 10 === 0
      ? (MESSAGES[(n / 10) % MESSAGES.length] ?? "")
      : `area: change ${n}\n\nWhy it was needed,\nin a line or two of prose.\n\nSigned-off-by: author <author@example.com>\n`;
  await buildLargeHistory(repo, { commits: 80_000, filesPerCommit: 1, files: 200, message });
  await repo.git(["repack", "-adq"]);
  await repo.git(["commit-graph", "write", "--reachable"]);
  await compareHistory("scan of 80,000 built commits", repo.path);
  const few = await sample(scan(repo.path, "--limit", "20000"), 3);
  const many = await sample(scan(repo.path), 3);
  const growth = (many.peakMemory ?? 0) / (few.peakMemory ?? 1);
  printRow(
    `memory: 80,000 commits against 20,000 is ${growth.toFixed(2)}x`,
    many,
    null,
    "flat: <= 1.25 x",
    growth <= 1.25,
  );
}

await main();
