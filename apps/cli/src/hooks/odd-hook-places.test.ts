// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRepository, run, type TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { contents } from "../init/home.fixture.ts";

let repo: TestRepository;
beforeEach(async () => {
  repo = await createRepository();
});
afterEach(async () => {
  await repo.remove();
});

const call = (args: readonly string[], environment = {}) =>
  countersign(args, { cwd: repo.path, environment: { HOME: join(repo.path, ".git"), ...environment } });
const install = (environment = {}) => call(["init", "--no-agents"], environment);
const uninstall = () => call(["init", "--uninstall"]);

/** Whether our commit-msg hook runs: it cannot keep silent about this message. */
async function isOursRun(): Promise<boolean> {
  const input = "fix: it\n\nGenerated with [Claude Code](https://claude.ai/code)\n";
  const { stderr } = await repo.tryGit(["commit", "--allow-empty", "--quiet", "-F", "-"], { input });
  return stderr.includes("AI-Assisted: claude-code");
}

it("with hooks switched off by an empty core.hooksPath, ours run, nothing comes into the work tree, and off they are again", async () => {
  await repo.git(["config", "core.hooksPath", ""]);
  expect(await install()).toMatchObject({ exitCode: 0 });
  expect(await readdir(repo.path)).toEqual([".git"]);
  expect(await isOursRun()).toBe(true);
  expect(await uninstall()).toMatchObject({ exitCode: 0 });
  expect(await repo.git(["config", "--get-all", "core.hooksPath"])).toBe("");
  expect(await isOursRun()).toBe(false);
});

it("hooks that only this command was told of are not written to, nor instead of them", async () => {
  await repo.commit({ message: "x\n", files: { "team/commit-msg": "#!/bin/sh\n" } });
  const before = await contents(repo.path);
  const environment = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.hooksPath",
    GIT_CONFIG_VALUE_0: "team",
  };
  expect(await install(environment)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("core.hooksPath is set for this command alone"),
  });
  expect(await contents(repo.path)).toEqual(before);
});

it("committed hooks that a work tree's own configuration names stay as they were committed", async () => {
  await repo.commit({ message: "x\n", files: { "team/commit-msg": "#!/bin/sh\n" } });
  await repo.git(["config", "extensions.worktreeConfig", "true"]);
  await repo.git(["config", "--worktree", "core.hooksPath", "team"]);
  expect(await install()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("not in config.worktree"),
  });
  expect(await repo.git(["status", "--porcelain"])).toBe("");
});

it("where a hook, or the folder of hooks, is something else, says so and writes nothing", async () => {
  const hooks = join(repo.path, ".git/hooks");
  await mkdir(join(hooks, "pre-push"), { recursive: true });
  const before = await readdir(hooks);
  expect(await install()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`${join(hooks, "pre-push")} is no file, where Git expects a program`),
  });
  expect(await readdir(hooks)).toEqual(before);
  expect(await uninstall()).toMatchObject({ exitCode: 0 });
  await rm(hooks, { recursive: true });
  await writeFile(hooks, "x");
  expect(await install()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`${hooks} is where Git looks for hooks, and no folder`),
  });
});

it("a pipe in the place of a hook holds up neither init nor doctor", async () => {
  await install();
  const hook = join(repo.path, ".git/hooks/post-commit");
  await rm(hook);
  await run("mkfifo", [hook], { cwd: repo.path });
  expect((await call(["doctor"])).stdout).toContain("does not");
  expect(await install()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("is no file") });
  expect(await uninstall()).toMatchObject({ exitCode: 0 });
});

it("what a killed install left half-written goes with the next uninstall, and nothing else", async () => {
  await install();
  const hooks = join(repo.path, ".git/hooks");
  await writeFile(join(hooks, "post-commit.countersign-4711"), "#!/bin/sh\n");
  await writeFile(join(hooks, "post-commit.countersign-notes"), "mine");
  await uninstall();
  const left = (await readdir(hooks)).filter((name) => !name.endsWith(".sample"));
  expect(left).toEqual(["post-commit.countersign-notes"]);
});

it("one hook that somebody edited keeps none of the others", async () => {
  await install();
  const edited = join(repo.path, ".git/hooks/commit-msg");
  await appendFile(edited, "echo mine\n");
  expect(await uninstall()).toMatchObject({ exitCode: 3 });
  const left = (await readdir(join(repo.path, ".git/hooks"))).filter((name) => !name.endsWith(".sample"));
  expect(left).toEqual(["commit-msg"]);
  expect(await readFile(edited, "utf8")).toContain("echo mine");
});

it("a configuration whose last line has no end, and to which settings came further up, leaves nothing behind", async () => {
  await repo.git(["remote", "add", "origin", "/nowhere"]);
  const config = join(repo.path, ".git/config");
  await appendFile(config, "[user]\n\tname = x");
  const before = await readFile(config, "utf8");
  await install();
  await uninstall();
  expect(await readFile(config, "utf8")).toBe(before);
  expect(existsSync(join(repo.path, ".git/countersign/config-before"))).toBe(false);
});
