// SPDX-License-Identifier: Apache-2.0
// `scan` against `git log --format=%B` over the same history, and its memory at two lengths of history.
import { type AssistanceRecord, formatAssistanceRecord } from "@countersign/core/attribution";
import { addRecords, openRepository } from "@countersign/git";
import { buildLargeHistory, createRepository, type TestRepository } from "@countersign/testkit";
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
  await compareMemory(repo.path);
  await recordAll(repo);
  const { ours, git } = await compare(scan(repo.path), log(repo.path), 3);
  printRow("the same, every commit recorded", ours, git, "<= 12 x git log", ours.median <= 12 * git.median);
}

/** One record for each commit, as presence of the recorder leaves it; every tenth names an agent. */
async function recordAll(repo: TestRepository): Promise<void> {
  const commits = (await repo.git(["log", "--format=%H %T", "main"])).split("\n");
  const records = commits.map((line, index) => {
    const [commit = "", tree = ""] = line.split(" ");
    const record: AssistanceRecord = {
      version: 1,
      commit,
      tree,
      grade: "observed",
      recorder: { name: "countersign", version: "1" },
      coverage: { isWhole: true, from: null, to: null, gaps: [] },
      agents: index % 10 === 0 ? [{ tool: "codex", session: "s", model: "gpt-5.5" }] : [],
      files: [],
      derivedFrom: [],
    };
    return { commit, bytes: formatAssistanceRecord(record) };
  });
  await addRecords(await openRepository(repo.path), records);
  await repo.git(["repack", "-adq"]);
}

async function compareMemory(path: string): Promise<void> {
  const few = await sample(scan(path, "--limit", "20000"), 3);
  const many = await sample(scan(path), 3);
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
