// SPDX-License-Identifier: Apache-2.0
import { buildLargeHistory } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createScenario,
  findingOf,
  peopleYaml,
  type Scenario,
  SENIOR_RULES,
} from "./gate-scenario.fixture.ts";

const ROLE = 'resource "aws_iam_role" "r" {\n}\n';
const LIMITED = `${SENIOR_RULES}limits: { commits: 20, files: 30, bytes: 100000 }\n`;
const SLOW = 60_000;

describe("T45: a large change within the limits is judged whole", () => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await createScenario();
  });
  afterEach(() => scenario[Symbol.asyncDispose]());

  it("10,000 files, the one that matters among them", { timeout: SLOW }, async () => {
    const head = await buildLargeHistory(scenario.repo, {
      commits: 1,
      filesPerCommit: 10_000,
      files: 10_000,
      branch: "large",
      from: scenario.start,
      path: (n) => (n === 8_765 ? "zz/hidden.tf" : `src/part${n % 100}/file${n}.txt`),
      message: () => "large\n\nAI-Assisted: cursor/unknown\n",
    });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    const finding = findingOf(report, "ai-infrastructure");
    expect(finding.status).toBe("pending");
    expect(finding.files).toContain("zz/hidden.tf");
    expect(finding.files).toHaveLength(10_000);
  });

  it("1,000 commits, with AI in the first one only", { timeout: SLOW }, async () => {
    const head = await buildLargeHistory(scenario.repo, {
      commits: 1_000,
      filesPerCommit: 2,
      branch: "long",
      from: scenario.start,
      message: (n) => (n === 0 ? "first\n\nAI-Assisted: cursor/unknown\n" : `more ${n}\n`),
    });
    const report = await scenario.gate({ head });
    const [first] = (await scenario.repo.git(["rev-list", "--reverse", `${scenario.start}..${head}`])).split(
      "\n",
    );
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").commits).toContain(first);
    expect(report.change).toMatchObject({ ai: { commitCount: 1 } });
    expect(report.commits).toHaveLength(1_000);
  });

  it("a file of 100 MB, which is not read whole and not taken for harmless", { timeout: SLOW }, async () => {
    const head = await scenario.propose({ files: { "data.bin": Buffer.alloc(100 * 1024 * 1024, 0x61) } });
    const before = process.memoryUsage().rss;
    const report = await scenario.gate({ head });
    expect(findingOf(report, "ai-infrastructure")).toMatchObject({ status: "pending", files: ["data.bin"] });
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024);
  });

  it("a file of a million lines with Terraform at its end", { timeout: SLOW }, async () => {
    const head = await scenario.propose({ files: { "lines.txt": `${"line\n".repeat(1_000_000)}${ROLE}` } });
    const report = await scenario.gate({ head });
    expect(findingOf(report, "ai-infrastructure")).toMatchObject({ status: "pending", files: ["lines.txt"] });
  });

  it("one line of a million letters", async () => {
    const head = await scenario.propose({ files: { "line.txt": "a".repeat(1_000_000) } });
    expect(findingOf(await scenario.gate({ head }), "ai-infrastructure").status).toBe("skipped");
  });

  it("a folder a hundred levels deep", async () => {
    const path = `${"deep/".repeat(100)}main.tf`;
    const head = await scenario.propose({ files: { [path]: "x\n" } });
    expect(findingOf(await scenario.gate({ head }), "ai-infrastructure").files).toEqual([path]);
  });

  it("a message of a megabyte, its trailer at the end", async () => {
    const head = await scenario.propose({
      message: `large\n\n${"word ".repeat(200_000)}\n\nAI-Assisted: cursor/unknown\n`,
    });
    expect((await scenario.gate({ head })).verdict).toBe("pending");
  });
});

describe("T45: past a limit it is denied by the limit's name, never judged in part", () => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await createScenario({ policy: LIMITED });
  });
  afterEach(() => scenario[Symbol.asyncDispose]());

  const large = (commits: number, filesPerCommit: number) =>
    buildLargeHistory(scenario.repo, {
      commits,
      filesPerCommit,
      files: commits * filesPerCommit,
      branch: "large",
      from: scenario.start,
      message: (n) => `plain ${n}\n`,
    });

  it.each([
    ["commits", 21, 1, "21 commits, the policy's limits.commits is 20"],
    ["files", 1, 31, "31 files, the policy's limits.files is 30"],
    ["files in all commits together", 16, 2, "32 files, the policy's limits.files is 30"],
  ])("%s", async (_what, commits, files, reason) => {
    const report = await scenario.gate({ head: await large(commits, files) });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "too-large")).toMatchObject({
      status: "fail",
      reason: expect.stringContaining(reason),
    });
    expect(findingOf(report, "too-large").reason).toContain("split the change");
  });

  it.each([
    ["in one file", { a: "x".repeat(100_001) }],
    ["in several", { a: "x".repeat(50_000), b: "y".repeat(50_001) }],
  ])("bytes %s", async (_what, files) => {
    const report = await scenario.gate({ head: await scenario.propose({ message: "plain\n", files }) });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "too-large").reason).toContain(
      "100001 bytes, the policy's limits.bytes is 100000",
    );
  });

  it("bytes that a later commit takes away again", async () => {
    const first = await scenario.propose({ message: "in\n", files: { a: "x".repeat(100_001) } });
    const head = await scenario.propose({ message: "out\n", parents: [first], files: { a: null } });
    expect(findingOf(await scenario.gate({ head }), "too-large").reason).toContain("limits.bytes");
  });

  it.each([
    ["commits", 20, 1],
    ["files", 1, 30],
  ])("exactly at the limit of %s it is judged", async (_what, commits, files) => {
    expect((await scenario.gate({ head: await large(commits, files) })).verdict).toBe("pass");
  });

  it("exactly at the limit of bytes it is judged, and deletions and submodules weigh nothing", async () => {
    const files = { a: "x".repeat(100_000), "README.md": null, lib: { gitlink: "1".repeat(40) } };
    expect(
      (await scenario.gate({ head: await scenario.propose({ message: "plain\n", files }) })).verdict,
    ).toBe("pass");
  });

  it("no override and no sign-off lifts it", async () => {
    await using own = await createScenario({
      people: await peopleYaml(),
      policy: `${SENIOR_RULES}limits: { bytes: 10 }\nbreakGlass: { role: commander, count: 1, expires: 24h, postReview: 48h }\n`,
    });
    const head = await own.propose();
    await own.sign("senior", { head });
    await own.sign("commander", {
      head,
      predicate: { decision: "override", reason: "the site is down, restore routing" },
    });
    const big = await own.propose({ files: { a: "more than ten bytes\n" } });
    await own.sign("senior", { head: big });
    await own.sign("commander", {
      head: big,
      predicate: { decision: "override", reason: "the site is down, restore routing" },
    });
    expect((await own.gate({ head })).verdict).toBe("pass");
    const report = await own.gate({ head: big });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "too-large").status).toBe("fail");
  });

  it("a foreign history is denied before it is read", { timeout: SLOW }, async () => {
    const head = await large(10_001, 0);
    const started = process.cpuUsage().user / 1000;
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "too-large").reason).toContain(
      "more than 10000 commits, the policy's limits.commits is 20",
    );
    expect(process.cpuUsage().user / 1000 - started).toBeLessThan(3_000);
  });
});
