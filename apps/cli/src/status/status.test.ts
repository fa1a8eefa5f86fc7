// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StatusRecord } from "@countersign/core/render";
import { expect, test } from "vitest";
import { z } from "zod";
import { createScenario, type Scenario, toLine } from "../scenarios/scenario.fixture.ts";

const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../../specs/status-record.schema.json"), "utf8")),
);

async function status(scenario: Scenario): Promise<StatusRecord> {
  const { exitCode, stdout, stderr } = await scenario.countersign("status", "--json");
  expect([exitCode, stderr]).toEqual([0, ""]);
  const record = JSON.parse(stdout);
  expect(SCHEMA.safeParse(record).error).toBeUndefined();
  return record;
}

const CLAUDE = { tool: "claude-code", model: null };

test("is calm where nothing is pending, and counts whose lines are in no commit yet", async () => {
  await using scenario = await createScenario();
  const calm = await scenario.countersign("status");
  expect([calm.exitCode, calm.stdout]).toEqual([
    0,
    expect.stringMatching(/^recording since \d{4}-.*\n\nnothing that is in no commit yet\n$/),
  ]);
  await scenario.agent("a.js", ["one", "two", "three"]);
  await scenario.types("a.js", ["one", "two~", "three", "mine"]);
  await scenario.types("own.js", ["x", "y"]);
  const record = await status(scenario);
  expect(record.files).toEqual([
    {
      path: "a.js",
      ai: [{ ...CLAUDE, generated: 2, edited: 1 }],
      human: 1,
      unknown: 0,
      removed: 0,
      uncountedBecause: null,
    },
    { path: "own.js", ai: [], human: 0, unknown: 2, removed: 0, uncountedBecause: null },
  ]);
  expect(record.trailers).toEqual(["AI-Assisted: claude-code/unknown"]);
  const { stdout } = await scenario.countersign("status");
  expect(stdout).toMatch(/ {5}2 {7}1 {7}1 {7}· {7}· {2}a\.js\n/);
  expect(stdout).toContain("a commit of all this would carry\n    AI-Assisted: claude-code/unknown\n");
});

test("counts only what HEAD does not have, staged or not, and the trailer is what the commit then gets", async () => {
  await using scenario = await createScenario();
  await scenario.agent("base.js", ["base", "added"]);
  await scenario.git("add", "-A");
  const [file] = (await status(scenario)).files;
  expect(file).toMatchObject({ path: "base.js", ai: [{ generated: 1 }], human: 0, unknown: 0, removed: 0 });
  const { trailers } = await status(scenario);
  await scenario.commit();
  expect(await scenario.git("log", "-1", "--format=%(trailers:only)")).toContain(trailers[0]);
  expect((await status(scenario)).files).toEqual([]);
});

test("what was typed after a commit of other files, in a file that is watched, is a person's", async () => {
  await using scenario = await createScenario();
  await scenario.agent("a.js", ["one", "two"]);
  await scenario.agent("b.js", ["three"]);
  await scenario.git("add", "b.js");
  await scenario.git("commit", "-q", "-m", "b");
  await appendFile(join(scenario.repo.path, "a.js"), `${toLine("typed")}\n`);
  const [file] = (await status(scenario)).files;
  expect([file?.ai, file?.human, file?.unknown]).toEqual([[{ ...CLAUDE, generated: 2, edited: 0 }], 1, 0]);
});

test("a deletion by an agent leaves no line, and still a trailer", async () => {
  await using scenario = await createScenario();
  await scenario.agent("base.js", []);
  const record = await status(scenario);
  expect(record.files).toMatchObject([{ path: "base.js", ai: [], removed: 1 }]);
  expect(record.trailers).toEqual(["AI-Assisted: claude-code/unknown"]);
});

test("follows the policy's convention, and writes none where trailers are off", async () => {
  await using scenario = await createScenario();
  await mkdir(join(scenario.repo.path, ".countersign"));
  await writeFile(join(scenario.repo.path, ".countersign/policy.yml"), "emission: assisted-by\n");
  await scenario.agent("a.js", ["one"], "codex");
  expect((await status(scenario)).trailers).toEqual(["Assisted-by: codex:model-1"]);
  await scenario.git("config", "countersign.trailer", "false");
  expect((await status(scenario)).trailers).toEqual([]);
});

test("names calls that have not ended, and losses with their time", async () => {
  await using scenario = await createScenario();
  let seen: StatusRecord | undefined;
  await scenario.shell(async () => {
    seen = await status(scenario);
  });
  expect(seen?.openCalls).toMatchObject([{ ...CLAUDE, action: "shell" }]);
  const lost = join(scenario.repo.path, ".git/countersign/recorder/lost.ndjson");
  await writeFile(lost, '{"code":"event-lost","message":"an \\u001b[31mevent","at":1767225600}\n{"code":"ev');
  const { gaps } = await status(scenario);
  expect(gaps).toContainEqual({ code: "event-lost", message: "an \u001b[31mevent", at: 1_767_225_600 });
  const { stdout } = await scenario.countersign("status");
  expect(stdout).toContain("gap   2026-01-01 00:00Z  an \\x1b[31mevent");
  expect(stdout).not.toContain("\u001b");
});

test("does not guess at what is no text, at links and at names that act on a terminal", async () => {
  await using scenario = await createScenario();
  await writeFile(join(scenario.repo.path, "b.bin"), Buffer.from([0, 1, 2, 10]));
  await writeFile(join(scenario.repo.path, "\u001b[2J.js"), "x\n");
  const record = await status(scenario);
  expect(record.files.map(({ path, uncountedBecause }) => [path, uncountedBecause])).toEqual([
    ["\u001b[2J.js", null],
    ["b.bin", "no text"],
  ]);
  expect((await scenario.countersign("status")).stdout).not.toContain("\u001b");
});

test("a checkout with other line ends changes no line", async () => {
  await using scenario = await createScenario();
  await scenario.git("config", "core.autocrlf", "true");
  const text = await readFile(join(scenario.repo.path, "base.js"), "utf8");
  await writeFile(join(scenario.repo.path, "base.js"), `${text.replaceAll("\n", "\r\n")}new\r\n`);
  expect((await status(scenario)).files).toMatchObject([{ path: "base.js", unknown: 1, removed: 0 }]);
});

test("works before the first commit and without a recorder; a bare repository is a usage error", async () => {
  await using scenario = await createScenario({ isBare: true });
  await scenario.agent("a.js", ["one"]);
  expect((await status(scenario)).files).toMatchObject([{ path: "a.js", ai: [{ generated: 1 }] }]);
  await scenario.countersign("init", "--uninstall");
  expect((await status(scenario)).activeSince).toBeNull();
  expect((await scenario.countersign("status")).stdout).toContain("not recording");
  await scenario.git("clone", "-q", "--bare", ".", "../bare.git");
  const bare = await scenario.countersign("status", "--repo", "../bare.git");
  expect([bare.exitCode, bare.stderr]).toEqual([2, expect.stringContaining("bare repository")]);
});
