// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildLargeHistory, createRepository, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { recordLines } from "../blame/recorded.fixture.ts";
import { BUNDLE, countersign } from "../command.fixture.ts";

const KEYS = [
  "commit",
  "tree",
  "parents",
  "title",
  "authoredAt",
  "committedAt",
  "state",
  "assistance",
  "coverage",
  "warnings",
];
const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../../specs/scan-record.schema.json"), "utf8")),
);
let repo: TestRepository;
let ids: string[];

beforeAll(async () => {
  repo = await createRepository();
  const messages = [
    "plain change\n",
    "with a trailer\n\nAI-Assisted: cursor/gpt-4o; extent=edited\n",
    "without AI\n\nAI-Assisted: none\n",
    "two tools\n\nAI-Assisted: amazon-q/2026-03\nCo-authored-by: Claude <noreply@anthropic.com>\n",
    "evil \u001b[31m\u202etitle ::error::x ##[error]y\n",
  ];
  ids = [];
  for (const [i, message] of messages.entries())
    ids.push(await repo.commit({ message, files: { a: `${i}` } }));
});
afterAll(() => repo.remove());

function records(stdout: string) {
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

async function scan(args: readonly string[], cwd = repo.path) {
  const result = await countersign(["scan", ...args], { cwd });
  expect(result.stderr).toBe("");
  expect(result.exitCode).toBe(0);
  return result.stdout;
}

describe("scan --json", () => {
  it("prints one record a commit with exactly the documented keys, as its schema says", async () => {
    const found = records(await scan(["--json"]));
    expect(found.map((record) => record.commit)).toEqual([...ids].reverse());
    for (const record of found) {
      expect(Object.keys(record)).toEqual(KEYS);
      expect(SCHEMA.safeParse(record)).toMatchObject({ success: true });
    }
    expect(SCHEMA.safeParse({ ...found[0], state: "human" }).success).toBe(false);
    expect(SCHEMA.safeParse({ ...found[0], commit: "short" }).success).toBe(false);
  });

  it("tells state, tools, models and claimed dates", async () => {
    const [evil, two, none, trailer, plain] = records(await scan(["--json"]));
    expect([plain.state, trailer.state, none.state, two.state, evil.state]).toEqual([
      "unknown",
      "declared",
      "cleared",
      "declared",
      "unknown",
    ]);
    expect(trailer.assistance[0]).toMatchObject({
      tool: "cursor",
      model: "gpt-4o",
      extent: "edited",
      evidence: "declared",
      line: 3,
    });
    expect(two.assistance.map((claim: { tool: string }) => claim.tool)).toHaveLength(2);
    expect(plain.committedAt).toBe("2026-01-01T00:01:00Z");
    expect(plain.parents).toEqual([]);
    expect(trailer.parents).toEqual([ids[0]]);
  });

  it("keeps a hostile title exact for its reader and harmless in a log", async () => {
    const stdout = await scan(["--json", "--limit", "1"]);
    expect(records(stdout)[0].title).toBe("evil \u001b[31m\u202etitle ::error::x ##[error]y");
    for (const evil of ["\u001b", "\u202e", "##["]) expect(stdout).not.toContain(evil);
  });

  it.each([
    ["a range", (of: string[]) => [`${of[1]}..${of[3]}`], [3, 2]],
    ["everything since a revision", () => ["HEAD~2.."], [4, 3]],
    ["a revision", (of: string[]) => [of[1] ?? ""], [1, 0]],
    ["a branch", () => ["main"], [4, 3, 2, 1, 0]],
    ["at most two", () => ["--limit", "2"], [4, 3]],
    ["none", () => ["--limit", "0"], []],
    ["an empty range", () => ["HEAD..HEAD"], []],
  ])("scans %s", async (_what, args, expected) => {
    const found = records(await scan(["--json", ...args(ids)]));
    expect(found.map((record) => ids.indexOf(record.commit))).toEqual(expected);
  });

  it("scans every branch and tag with --all, annotated tags and tags of files included", async () => {
    await using other = await createRepository();
    await other.commit({ message: "root", files: { a: "1" } });
    const root = await other.id("HEAD");
    const side = await other.commit({ message: "side", files: { a: "2" }, branch: "side", parents: [root] });
    await other.git(["tag", "-a", "-m", "release", "v1", side]);
    await other.git(["tag", "file", `${root}:a`]);
    await other.git(["branch", "-D", "side"]);
    const found = records(await scan(["--json", "--all"], other.path));
    expect(found.map((record) => record.title).sort()).toEqual(["root", "side"]);
  });

  it("takes a branch's name as a sign of the commit at its tip, and of no other", async () => {
    await using other = await createRepository();
    await other.commit({ message: "root", files: { a: "1" } });
    const root = await other.id("HEAD");
    await other.commit({ message: "one", files: { a: "2" }, branch: "copilot/fix-1", parents: [root] });
    const tip = await other.id("refs/heads/copilot/fix-1");
    await other.commit({ message: "two", files: { a: "3" }, branch: "copilot/fix-1", parents: [tip] });
    const found = records(await scan(["--json", "copilot/fix-1"], other.path));
    expect(found.map((record) => [record.title, record.state])).toEqual([
      ["two", "signalled"],
      ["one", "unknown"],
      ["root", "unknown"],
    ]);
  });

  it("reads SHA-256 repositories", async () => {
    await using other = await createRepository({ objectFormat: "sha256" });
    await other.commit({ message: "long id", files: { a: "1" } });
    const [record] = records(await scan(["--json"], other.path));
    expect(record.commit).toMatch(/^[0-9a-f]{64}$/);
    expect(SCHEMA.safeParse(record)).toMatchObject({ success: true });
  });

  it("says that a repository has no commits, and that a clone is shallow", async () => {
    await using empty = await createRepository();
    const nothing = await countersign(["scan", "--json"], { cwd: empty.path });
    expect(nothing).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: "countersign: this repository has no commits yet\n",
    });
    await using shallow = await repo.clone(["--depth", "2"]);
    const cut = await countersign(["scan", "--json"], { cwd: shallow.path });
    expect(cut.exitCode).toBe(0);
    expect(records(cut.stdout)).toHaveLength(2);
    expect(cut.stderr).toMatch(/shallow.*--unshallow/);
  });
});

describe("scan of recorded commits", () => {
  it("shows who wrote, how far the recorder saw, and what a message denies", async () => {
    await using recorded = await createRepository();
    await recorded.commit({ message: "by hand\n", files: { a: "one\n" } });
    const honest = await recorded.commit({ message: "by an agent\n", files: { a: "one\ntwo\n" } });
    const denied = await recorded.commit({
      message: "denied\n\nAI-Assisted: none\n",
      files: { a: "one\ntwo\nthree\n" },
    });
    await recordLines(recorded, honest, "a", [2]);
    await recordLines(recorded, denied, "a", [3]);
    const [last, middle, first] = records(await scan(["--json"], recorded.path));
    expect(middle).toMatchObject({ state: "recorded", coverage: "partial", warnings: [] });
    expect(middle.assistance).toMatchObject([{ tool: "claude-code", model: "claude-opus-4-8" }]);
    expect(last).toMatchObject({ state: "recorded", warnings: [{ code: "contradictory-claim" }] });
    expect(first).toMatchObject({ state: "unknown", coverage: null });
    const summary = JSON.parse(await scan(["--json", "--summary"], recorded.path));
    expect(summary.byCoverage).toEqual({ whole: 0, partial: 2, none: 1 });
    expect(await scan(["--summary"], recorded.path)).toMatch(/partial .* 66\.7 %/);
  });
});

describe("scan for people", () => {
  it("prints a table and a summary without colour where no person looks", async () => {
    const text = await scan([]);
    expect(text).toMatch(
      /^[0-9a-f]{12} {2}2026-01-01 {2}unknown {4}- +evil \\x1b\[31m\\u202etitle :\\:error::x/,
    );
    expect(text).toMatch(/declared +cursor\/gpt-4o +with a trailer/);
    expect(text).toMatch(/\n5 commits\n/);
    expect(text).toMatch(/declared +█+.* 2 +40\.0 %/);
    expect(text).not.toContain("\u001b");
  });

  it("colours when told to, and not when told not to", async () => {
    const forced = await countersign(["scan"], { cwd: repo.path, environment: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain("\u001b[1m");
    const both = await countersign(["scan"], {
      cwd: repo.path,
      environment: { FORCE_COLOR: "1", NO_COLOR: "1" },
    });
    expect(both.stdout).not.toContain("\u001b[");
    const flag = await countersign(["scan", "--no-color"], {
      cwd: repo.path,
      environment: { FORCE_COLOR: "1" },
    });
    expect(flag.stdout).not.toContain("\u001b[");
  });

  it("prints only the summary on demand, as text or JSON", async () => {
    expect(await scan(["--summary"])).toMatch(/^5 commits\n\nby state\n/);
    expect(JSON.parse(await scan(["--summary", "--json"]))).toMatchObject({
      commits: 5,
      byState: { recorded: 0, declared: 2, signalled: 0, cleared: 1, unknown: 2 },
      byMonth: { "2026-01": { commits: 5, assisted: 2 } },
    });
  });
});

describe("scan of a long history", () => {
  it("stops in silence when its reader goes away, and waits for one that is slow", async () => {
    await using large = await createRepository();
    await buildLargeHistory(large, { commits: 5000, filesPerCommit: 1 });
    const child = spawn(process.execPath, [BUNDLE, "scan", "--json"], {
      cwd: large.path,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const exit = new Promise<number | null>((resolve) => child.on("exit", resolve));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.stdout.destroy();
    expect(await exit).toBe(0);
    expect(stderr).toBe("");

    const slow = spawn(process.execPath, [BUNDLE, "scan", "--json"], {
      cwd: large.path,
      stdio: ["ignore", "pipe", "ignore"],
    });
    let lines = 0;
    for await (const chunk of slow.stdout) {
      lines += String(chunk).split("\n").length - 1;
      if (lines < 500) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(lines).toBe(5000);
  });
});
