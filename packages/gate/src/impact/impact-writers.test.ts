// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { createRepository, type FileContent, START, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScenario } from "../threats/gate-scenario.fixture.ts";
import { addRecord, toRecord } from "../threats/records.fixture.ts";
import { runImpact } from "./run-impact.ts";

const AI = "change\n\nAI-Assisted: claude-code/claude-opus-4-8\n";
const bucket = (...lines: readonly string[]) =>
  `resource "aws_s3_bucket" "b" {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;

const NO_LABELS = { evidence: [], evaluatedAt: START };

let repo: TestRepository;
let start: string;
beforeAll(async () => {
  repo = await createRepository();
  start = await repo.commit({
    message: "start\n",
    files: {
      "b.tf": bucket("a = 1", "force_destroy = false", "z = 1"),
      "c.tf": bucket("q = 1").replace('"b"', '"c"'),
    },
  });
});
afterAll(() => repo[Symbol.asyncDispose]());

async function impactOf(head: string) {
  return runImpact({ repository: await openRepository(repo.path), base: start, head, ...NO_LABELS });
}

async function sharesOf(head: string) {
  const { resources } = await impactOf(head);
  return Object.fromEntries(resources.map(({ name, ai }) => [name, ai]));
}

let branches = 0;
const commit = (branch: string, message: string, files: Record<string, FileContent>, parent?: string) =>
  repo.commit({ branch, message, files, ...(parent === undefined ? {} : { parents: [parent] }) });

describe("whose the lines of a resource are", () => {
  it("counts none where no AI is known, and all that nobody is known to have written where one is named", async () => {
    const text = bucket("a = 1", "force_destroy = true", "z = 2");
    const plain = await commit(`w${++branches}`, "change\n", { "b.tf": text }, start);
    expect(await sharesOf(plain)).toEqual({ b: { lines: 0, of: 2 } });
    const named = await commit(`w${++branches}`, AI, { "b.tf": text }, start);
    expect(await sharesOf(named)).toEqual({ b: { lines: 2, of: 2 } });
  });

  it("believes a record in each line", async () => {
    const head = await commit(
      `w${++branches}`,
      "change\n",
      { "b.tf": bucket("a = 1", "force_destroy = true", "z = 2") },
      start,
    );
    const record = await toRecord(repo, head, { "b.tf": "ai" });
    const [file] = record.files;
    const lone = {
      ...file?.ranges[0],
      first: 3,
      last: 3,
      fingerprints: file?.ranges[0]?.fingerprints.slice(2, 3),
    };
    await addRecord(repo, [{ ...record, files: [{ ...file, ranges: [lone] }] } as typeof record]);
    expect(await sharesOf(head)).toEqual({ b: { lines: 1, of: 2 } });
  });

  it("tells the lines of several commits apart, in a file that both of them changed", async () => {
    const branch = `w${++branches}`;
    await commit(branch, AI, { "b.tf": bucket("a = 1", "force_destroy = true", "z = 1") }, start);
    const head = await commit(branch, "by hand\n", {
      "b.tf": bucket("a = 5", "force_destroy = true", "z = 5", "y = 5"),
    });
    expect(await sharesOf(head)).toEqual({ b: { lines: 1, of: 4 } });
  });

  it("counts what an AI took away, a line or a whole resource", async () => {
    const line = await commit(`w${++branches}`, AI, { "b.tf": bucket("a = 1", "z = 1") }, start);
    expect(await sharesOf(line)).toEqual({ b: { lines: 1, of: 1 } });
    const whole = await commit(`w${++branches}`, AI, { "c.tf": null }, start);
    expect(await sharesOf(whole)).toEqual({ c: { lines: 3, of: 3 } });
    const human = await commit(`w${++branches}`, "by hand\n", { "c.tf": null }, start);
    expect(await sharesOf(human)).toEqual({ c: { lines: 0, of: 3 } });
  });

  it("finds them behind a merge that mixed two sides", async () => {
    const branch = `w${++branches}`;
    await commit(branch, AI, { "b.tf": bucket("a = 7", "force_destroy = false", "z = 1") }, start);
    await repo.branch(`side${branches}`, start);
    await repo.commit({
      message: "side\n",
      files: {
        "b.tf": bucket("a = 1", "force_destroy = false", "z = 1", "n = 1").replace("  n", "\n\n\n\n  n"),
      },
    });
    await repo.checkout(branch);
    await repo.merge(`side${branches}`);
    const shares = await sharesOf(await repo.id("HEAD"));
    expect(shares.b?.lines).toBe(1);
  });
});

describe("whose a file is that nobody can read", () => {
  it.each<[string, Record<string, FileContent>]>([
    ["too large", { "d.tf": `${"#".repeat(1_000_001)}\n` }],
    ["a binary one beside infrastructure", { "d.tf.gz": Uint8Array.of(0, 1, 2) }],
    ["a link that leads nowhere here", { "d.tf": { symlink: "../elsewhere.tf" } }],
    ["a mode alone", { "c.tf": { executable: bucket("q = 1").replace('"b"', '"c"') } }],
  ])("%s: the AI's that had a hand in it, as a line, and not a person's", async (_what, files) => {
    const shareOf = async (message: string) =>
      (await impactOf(await commit(`w${++branches}`, message, files, start))).unparsed.map(({ ai }) => ai);
    expect(await shareOf(AI)).toEqual([{ lines: 1, of: 1 }]);
    expect(await shareOf("by hand\n")).toEqual([{ lines: 0, of: 1 }]);
  });

  it("the lines behind a link are whose who set it, though Git and its record know of one line of it", async () => {
    const [branch, b] = [`w${++branches}`, "b.tf"];
    const onto = await commit(
      branch,
      "by hand\n",
      { "a.txt": bucket("a = 1", "z = 2"), "l.tf": { symlink: b } },
      start,
    );
    const sharesAt = async (head: string) =>
      (await runImpact({ repository: await openRepository(repo.path), base: onto, head, ...NO_LABELS }))
        .resources;
    const first = await commit(branch, "change\n", { "l.tf": { symlink: "a.txt" } });
    await addRecord(repo, [await toRecord(repo, first, { "l.tf": "ai" })]);
    const whole = { path: "l.tf", ai: { lines: 2, of: 2 } };
    expect(await sharesAt(first)).toMatchObject([whole]);
    const second = await commit(branch, AI, { "l.tf": { symlink: "./a.txt" } });
    expect(await sharesAt(second)).toMatchObject([whole]);
  });
});

describe("what somebody signed afterwards of an AI's help", () => {
  it("counts as in the gate: of people whom the policy at the base knows, and of nobody else", async () => {
    await using scenario = await createScenario({ files: { "b.tf": bucket("z = 1") } });
    const shares = async (head: string) => {
      const repository = await openRepository(scenario.repo.path);
      const { resources } = await runImpact({ repository, base: scenario.start, head, ...NO_LABELS });
      return resources.map(({ ai }) => ai);
    };
    const head = await scenario.propose({ message: "change\n", files: { "b.tf": bucket("z = 2", "y = 3") } });
    expect(await shares(head)).toEqual([{ lines: 0, of: 2 }]);
    await scenario.amendLabel("stranger", head, "claude-code");
    expect(await shares(head)).toEqual([{ lines: 0, of: 2 }]);
    await scenario.amendLabel("senior", head, "claude-code");
    expect(await shares(head)).toEqual([{ lines: 2, of: 2 }]);
  });
});
