// SPDX-License-Identifier: Apache-2.0
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { countersign } from "../command.fixture.ts";
import { recordLines } from "./recorded.fixture.ts";

const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../../specs/blame-record.schema.json"), "utf8")),
);
const EVIL = "const evil = '\u001b[31m\u202e';\tx\\n";
let repo: TestRepository;
let first: string;
let second: string;

beforeAll(async () => {
  repo = await createRepository();
  first = await repo.commit({
    message: "one\n",
    files: { "src/a.js": `start();\n${EVIL}\n`, "bin.js": "x\n" },
  });
  second = await repo.commit({
    message: "two\n",
    files: { "src/a.js": `start();\nalpha(1);\n${EVIL}\nbeta(2);\n` },
  });
  await recordLines(repo, second, "src/a.js", [2]);
});
afterAll(() => repo.remove());

const blame = (args: readonly string[], cwd = repo.path) => countersign(["blame", ...args], { cwd });
const rows = (stdout: string) =>
  stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe("countersign blame", () => {
  it("says of a path that is no file what Git says, also where the recorder is at work", async () => {
    const environment = { HOME: join(repo.path, ".git") };
    await countersign(["init", "--no-agents"], { cwd: repo.path, environment });
    for (const path of ["src/gone.js", "src", "bin.js/x"])
      expect(await blame([path])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(`cannot blame ${path}: `),
      });
    await countersign(["init", "--uninstall"], { cwd: repo.path, environment });
  });

  it("--json says of every line who wrote it, as the schema has it", async () => {
    const { stdout, exitCode } = await blame(["--json", "src/a.js"]);
    const records = rows(stdout);
    for (const record of records) expect(SCHEMA.safeParse(record).error).toBeUndefined();
    const nothing = { tool: null, model: null, extent: null, evidence: null, session: null };
    const ai = {
      tool: "claude-code",
      model: "claude-opus-4-8",
      extent: "generated",
      evidence: "observed",
      session: "s-1",
    };
    expect([exitCode, records]).toEqual([
      0,
      [
        { line: 1, commit: first, origin: "unknown", ...nothing },
        { line: 2, commit: second, origin: "ai", ...ai },
        { line: 3, commit: first, origin: "unknown", ...nothing },
        { line: 4, commit: second, origin: "unknown", ...nothing },
      ],
    ]);
  });

  it("--porcelain is git's own line-porcelain but for our headers", async () => {
    const { stdout } = await blame(["--porcelain", "src/a.js"]);
    const plain = stdout.replace(/^countersign-.*\n/gm, "");
    expect(plain).toBe(`${await repo.git(["blame", "--line-porcelain", "src/a.js"])}\n`);
    expect(stdout).toContain(
      "\ncountersign-origin ai\ncountersign-tool claude-code\ncountersign-model claude-opus-4-8\n",
    );
  });

  it("shows code to people, and nothing in it acts on a terminal", async () => {
    const { stdout } = await blame(["src/a.js"]);
    expect(stdout).toMatch(/^[0-9a-f]{12}\s+author\s+2026-01-01 unknown\s+1\| start\(\);\n/);
    expect(stdout).toMatch(/ai claude-code\/claude-opus-4-8\s+2\| alpha\(1\);\n/);
    expect(stdout).toContain("const evil = '\\x1b[31m\\u202e'; ");
    expect(stdout).toMatch(/x\\n\n/);
    expect((await blame(["--color", "src/a.js"])).stdout).toContain("\u001b[36malpha(1);");
  });

  it("takes a revision, ranges, and a path from the folder that one stands in", async () => {
    expect(rows((await blame(["--json", "--rev", first, "src/a.js"])).stdout)).toHaveLength(2);
    expect(rows((await blame(["--json", "-L", "2,3", "src/a.js"])).stdout).map((row) => row.line)).toEqual([
      2, 3,
    ]);
    const inside = await blame(["--json", "-L", "2,2", "--lines", "4,4", "a.js"], join(repo.path, "src"));
    expect(rows(inside.stdout).map((row) => row.line)).toEqual([2, 4]);
    expect((await blame(["--json", "--repo", join(repo.path, "src"), "../src/a.js"])).exitCode).toBe(0);
  });

  it("shows lines that are not committed yet", async () => {
    await repo.write("bin.js", "x\nnew(1);\n");
    const records = rows((await blame(["--json", "bin.js"])).stdout);
    expect(records[1]).toMatchObject({ line: 2, commit: "0".repeat(40), origin: "unknown" });
    expect((await blame(["bin.js"])).stdout).toContain("not committed");
    await repo.git(["checkout", "-q", "--", "bin.js"]);
  });

  it("shows where a link points, also one to what never ends", async () => {
    await using own = await createRepository();
    await own.commit({ message: "one\n", files: { "a.js": "alpha(1);\n" } });
    await countersign(["init", "--no-agents"], { cwd: own.path });
    symlinkSync("/dev/zero", join(own.path, "link"));
    await own.git(["add", "link"]);
    await own.git(["commit", "-q", "-m", "link"]);
    const { exitCode, stdout } = await blame(["link"], own.path);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/unknown +1\| \/dev\/zero\n$/)]);
  });

  it("shows what the file holds, which is what records are about, and not what a program makes of it", async () => {
    await repo.write(".git/info/attributes", "a.js diff=cut\n");
    await repo.git(["config", "diff.cut.textconv", "sed 1d"]);
    for (const which of [[], ["--rev", "HEAD"]])
      expect((await blame([...which, "src/a.js"])).stdout).toMatch(/ ai claude-code\S+ +2\| alpha\(1\);\n/);
    await repo.git(["config", "--remove-section", "diff.cut"]);
  });

  it("works in a bare repository", async () => {
    await using bare = await repo.clone(["--bare"]);
    await bare.git(["fetch", "-q", "origin", "refs/countersign/records:refs/countersign/records"]);
    expect(rows((await blame(["--json", "src/a.js"], bare.path)).stdout)[1]).toMatchObject({ origin: "ai" });
  });

  it("says in a clone that lacks something what that costs, and how to get it", async () => {
    const records = ["fetch", "-q", "origin", "refs/countersign/records:refs/countersign/records"];
    await using shallow = await repo.clone(["--depth=1"]);
    await shallow.git(records);
    const cut = await blame(["--json", "src/a.js"], shallow.path);
    expect([cut.exitCode, rows(cut.stdout)[0]]).toMatchObject([0, { line: 1, origin: "unknown" }]);
    expect(cut.stderr).toMatch(
      /3 line\(s\) are unknown because this clone is shallow.*git fetch --unshallow/,
    );
    await repo.git(["config", "uploadpack.allowFilter", "true"]);
    await using partial = await repo.clone(["--filter=blob:none", "--no-checkout"]);
    await partial.git(records);
    const empty = await blame(["--rev", "HEAD", "src/a.js"], partial.path);
    expect([empty.exitCode, empty.stdout]).toEqual([3, ""]);
    expect(empty.stderr).toMatch(
      /^countersign: cannot blame src\/a\.js: .*partial clone; git fetch --refetch/,
    );
    await partial.git(["fetch", "-q", "--refetch", "--no-filter"]);
    expect((await blame(["--rev", "HEAD", "src/a.js"], partial.path)).exitCode).toBe(0);
  });

  it.each([
    ["a file that is none", ["gone.js"], /gone\.js/],
    ["a file outside", ["../gone.js"], /not a file within/],
    ["a folder", ["src"], /src/],
    ["an option for a file", ["--", "--contents=/etc/passwd"], /contents/],
    ["a revision that is none", ["--rev", "nonsense", "src/a.js"], /names no commit/],
    ["a range that is none", ["-L", "9,99", "src/a.js"], /lines/],
    ["an empty range", ["-L", "", "src/a.js"], /-L is empty; expected for example 10,20/],
    ["two formats", ["--json", "--porcelain", "src/a.js"], /two formats/],
    ["no file", [], /file/],
  ])("calls %s a usage error", async (_name, args, message) => {
    const { exitCode, stdout, stderr } = await blame(args);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });
});

describe("countersign reconcile", () => {
  it("finds a squash's lines in its originals' records, and stores them with --write", async () => {
    await using own = await createRepository();
    await own.commit({ message: "one\n", files: { "a.js": "start();\n" } });
    await own.branch("feature");
    const original = await own.commit({ message: "two\n", files: { "a.js": "start();\nalpha(1000);\n" } });
    await recordLines(own, original, "a.js", [2]);
    await own.checkout("main");
    const squash = await own.squash("feature", "feature (#1)");
    const reconcile = (...args: readonly string[]) => countersign(["reconcile", ...args], { cwd: own.path });
    // Once of the work tree, where it is derived while git blame is at work, and once of a revision, where it is not.
    for (const which of [[], ["--rev", "HEAD"]]) {
      const unrecorded = await countersign(["blame", "--json", ...which, "a.js"], { cwd: own.path });
      expect(rows(unrecorded.stdout)[1]).toMatchObject({ origin: "ai", evidence: "derived", session: "s-1" });
    }
    const dry = await reconcile("--json", "HEAD~1..HEAD");
    expect([dry.exitCode, rows(dry.stdout)]).toEqual([
      0,
      [
        {
          commit: squash,
          title: "feature (#1)",
          outcome: "derived",
          grade: "derived",
          ai: 1,
          human: 0,
          agents: [{ tool: "claude-code", session: "s-1", model: "claude-opus-4-8" }],
          derivedFrom: [original],
          gaps: [],
          isWritten: false,
        },
      ],
    ]);
    expect((await own.tryGit(["notes", "--ref=ai", "show", squash])).exitCode).not.toBe(0);
    expect((await reconcile("--write")).stdout).toMatch(
      /derived +1 AI, 0 human from [0-9a-f]{12} +feature \(#1\)\n1 commit\(s\) found again.*1 record\(s\) and 1 note\(s\) written/s,
    );
    expect(await own.git(["notes", "--ref=ai", "show", squash])).toContain('"tool": "claude"');
    expect((await reconcile()).stdout).toBe("0 commit(s) found again in records of others\n");
    // The original may go now: what was derived stands by itself.
    await own.git(["update-ref", "-d", "refs/heads/feature"]);
    const blamed = await countersign(["blame", "--json", "a.js"], { cwd: own.path });
    expect(rows(blamed.stdout)[1]).toMatchObject({ origin: "ai", evidence: "derived" });
  });

  it("says what it could not look into, and that it could not tell", async () => {
    await using shallow = await repo.clone(["--depth=1"]);
    await shallow.git(["fetch", "-q", "origin", "refs/countersign/records:refs/countersign/records"]);
    const amended = ["commit", "-q", "--amend", "-m", "again"];
    await shallow.git(amended);
    const { exitCode, stdout } = await countersign(["reconcile"], { cwd: shallow.path });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("found again");
    await shallow.git(["fetch", "-q", "--depth=1", "origin", first]);
    const cut = await countersign(["reconcile", "--json", first], { cwd: shallow.path });
    expect([cut.exitCode, rows(cut.stdout)[0]]).toMatchObject([
      3,
      { outcome: "open", gaps: [{ code: "history-missing" }] },
    ]);
  });

  it("in a repository without records or commits does nothing", async () => {
    await using empty = await createRepository();
    const { exitCode, stdout } = await countersign(["reconcile"], { cwd: empty.path });
    expect([exitCode, stdout]).toEqual([0, "0 commit(s) found again in records of others\n"]);
  });
});
