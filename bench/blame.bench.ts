// SPDX-License-Identifier: Apache-2.0
// `blame` against `git blame --line-porcelain` of the same file, without records, with records, and with commits to derive.
import { fingerprintLine, formatAssistanceRecord } from "@countersign/core/attribution";
import { addRecords, openRepository } from "@countersign/git";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { BUNDLE, compare, printHeader, printRow } from "./measure.ts";

const FILE = "large.ts";
const LINES = 10_000;
const COMMITS = 800;
/** Every so many commits one is an agent's, and is recorded. */
const RECORDED = 5;
const BUDGET = 1.3;

async function main(): Promise<void> {
  await using repo = await createRepository();
  const commits = await buildHistory(repo);
  printHeader();
  await compareBlame(repo, `blame of ${LINES} lines by ${COMMITS} commits, no record anywhere`);
  await record(
    repo,
    commits.filter((_, i) => i % RECORDED === 0),
  );
  await compareBlame(repo, `the same, every ${RECORDED}th commit recorded, the others derived`);
  await record(
    repo,
    commits.filter((_, i) => i % RECORDED !== 0),
  );
  await compareBlame(repo, "the same, every commit recorded");
}

async function compareBlame(repo: TestRepository, what: string): Promise<void> {
  const ours = { program: process.execPath, args: [BUNDLE, "blame", "--porcelain", FILE], cwd: repo.path };
  const git = { program: "git", args: ["blame", "--line-porcelain", FILE], cwd: repo.path };
  const result = await compare(ours, git, 3);
  const isHeld = result.ours.exitCode === 0 && result.ours.median <= BUDGET * result.git.median;
  printRow(what, result.ours, result.git, `<= ${BUDGET} x git blame --line-porcelain`, isHeld);
}

/** Commits each of which changes a handful of lines all over one large file. */
async function buildHistory(repo: TestRepository): Promise<readonly string[]> {
  const lines = Array.from({ length: LINES }, (_, i) => `const value${i} = compute(${i}, base);\n`);
  const who = "author <author@example.com>";
  let input = "";
  for (let n = 0; n <= COMMITS; n++) {
    for (let k = 0; n > 0 && k < 12; k++) {
      const at = (n * 7919 + k * 104_729) % LINES;
      lines[at] = `const value${at} = compute(${at}, step${n}, part${k});\n`;
    }
    const content = lines.join("");
    input += `commit refs/heads/main\nmark :${n + 1}\ncommitter ${who} ${1_767_225_600 + n * 60} +0000\ndata 9\nchange it${
      n === 0 ? "" : `\nfrom :${n}`
    }\nM 100644 inline ${FILE}\ndata ${content.length}\n${content}\n`;
    if (input.length > 64 * 1024 * 1024 || n === COMMITS) {
      await repo.git(
        [
          "fast-import",
          "--quiet",
          "--force",
          "--export-marks=.git/marks",
          "--import-marks-if-exists=.git/marks",
        ],
        { input },
      );
      input = "";
    }
  }
  await repo.git(["repack", "-adq"]);
  await repo.git(["commit-graph", "write", "--reachable"]);
  await repo.git(["reset", "-q", "--hard", "main"]);
  return (await repo.git(["rev-list", "--reverse", "main"])).split("\n").slice(1);
}

/** Records as an agent's session leaves them: the lines that each commit added are the agent's. */
async function record(repo: TestRepository, commits: readonly string[]): Promise<void> {
  const repository = await openRepository(repo.path);
  const log = await repo.git([
    "log",
    "--format=commit %H %T",
    "--raw",
    "--no-abbrev",
    "-p",
    "-U0",
    "--reverse",
    "main",
  ]);
  const wanted = new Set(commits);
  const records = log
    .split(/^commit (?=[0-9a-f]{40} )/m)
    .slice(1)
    .flatMap((text) => {
      const [commit = "", tree = ""] = text.slice(0, text.indexOf("\n")).split(" ");
      const blob = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) M/m.exec(text)?.[1];
      if (!wanted.has(commit) || blob === undefined) return [];
      const ranges = [...text.matchAll(/^@@ .* \+(\d+)(?:,\d+)? @@.*\n-.*\n\+(.*\n)/gm)].map((match) => ({
        first: Number(match[1]),
        last: Number(match[1]),
        origin: "ai" as const,
        agent: 0,
        extent: "generated" as const,
        evidence: "observed" as const,
        fingerprints: [fingerprintLine(match[2] ?? "")],
      }));
      const bytes = formatAssistanceRecord({
        version: 1,
        commit,
        tree,
        grade: "observed",
        recorder: { name: "countersign", version: "1" },
        coverage: { isWhole: false, from: null, to: null, gaps: [] },
        agents: [{ tool: "claude-code", session: "s", model: "claude-opus-4-8" }],
        files: [{ path: FILE, blob, ranges }],
        derivedFrom: [],
      });
      return [{ commit, bytes }];
    });
  await addRecords(repository, records);
}

await main();
