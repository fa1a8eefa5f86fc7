// SPDX-License-Identifier: Apache-2.0
// Interrupted at any moment: no copy of the plan stays (a plan holds secrets), and what the command did is recorded.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type TestRepository, testEnvironment } from "@countersign/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUNDLE, countersign } from "../command.fixture.ts";
import { createDeployedProject, type DeployedProject } from "./deployed-project.fixture.ts";

const PLAN = "the plan\n";
const DIGEST = `sha256:${createHash("sha256").update(PLAN).digest("hex")}`;
const HAS_SCRIPT = spawnSync("script", ["--version"]).status === 0;

let project: DeployedProject;
let repo: TestRepository;
/** Beside the repository: a folder of temporary files of our own, so that nobody else's are looked at. */
let temporary: string;
let trace: string;
let asked: readonly string[];
beforeAll(async () => {
  project = await createDeployedProject();
});
afterAll(() => project.remove());
beforeEach(async () => {
  repo = await project.copy();
  temporary = join(dirname(repo.path), "tmp");
  trace = join(dirname(repo.path), "trace");
  await mkdir(temporary);
  const plan = join(dirname(repo.path), "plan.tfplan");
  await writeFile(plan, PLAN);
  const named = ["--plan", plan, "--plan-digest", DIGEST, "--plan-digest-only"];
  asked = ["exec", ...project.asked("HEAD"), ...named, "--", "sh", "-c"];
});
afterEach(() => repo.remove());

const environment = (more: Readonly<Record<string, string>> = {}) =>
  testEnvironment({ TMPDIR: temporary, ...more });
const planArgument = () => asked[asked.indexOf("--plan") + 1] ?? "";
const copies = () => readdirSync(temporary).filter((name) => name.startsWith("countersign-plan-"));
const records = async () =>
  JSON.parse((await countersign(["evidence", "list", "--json"], { cwd: repo.path })).stdout).evidence.length;
const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe("exec, interrupted", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s while it checks: nothing is run, no copy of the plan stays, and it ends by that signal",
    async (signal) => {
      // Git waits in the middle of the check, for as long as the test wants.
      const slow = join(dirname(repo.path), "bin");
      await mkdir(slow);
      const git = spawnSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).stdout.trim();
      const wait = `#!/bin/sh\n[ -n "$(ls '${temporary}' | grep countersign-plan-)" ] && { echo > '${trace}'; sleep 5; }\nexec '${git}' "$@"\n`;
      await writeFile(join(slow, "git"), wait);
      await chmod(join(slow, "git"), 0o755);
      const run = `echo ran > '${trace}.ran'`;
      const child = spawn(process.execPath, [BUNDLE, ...asked, run, "sh", planArgument()], {
        cwd: repo.path,
        env: environment({ PATH: `${slow}:${process.env.PATH}` }),
        stdio: "ignore",
      });
      await until(() => existsSync(trace) || child.exitCode !== null);
      expect(copies()).toHaveLength(1);
      child.kill(signal);
      expect((await once(child, "exit"))[1]).toBe(signal);
      expect(copies()).toEqual([]);
      expect(existsSync(`${trace}.ran`)).toBe(false);
      expect(await records()).toBe(1);
    },
  );

  it("while the command runs: the command ends it, its copy is there until then, and that it was tried is recorded", async () => {
    const run = `trap 'cp "$1" '${trace}.copy'; exit 9' TERM; echo > '${trace}'; while :; do sleep 0.05; done`;
    const child = spawn(process.execPath, [BUNDLE, ...asked, run, "sh", planArgument()], {
      cwd: repo.path,
      env: environment(),
      stdio: "ignore",
    });
    await until(() => existsSync(trace) || child.exitCode !== null);
    child.kill("SIGTERM");
    expect((await once(child, "exit"))[0]).toBe(4);
    expect(await readFile(`${trace}.copy`, "utf8")).toBe(PLAN);
    expect(copies()).toEqual([]);
    expect(await records()).toBe(2);
  });

  it.skipIf(!HAS_SCRIPT)(
    "by Ctrl-C at a terminal: the command hears of it once, not twice (needs script of util-linux)",
    async () => {
      const count = `trap 'echo x >> '${trace}'' INT; echo > '${trace}.up'; i=0; while [ $i -lt 20 ]; do sleep 0.05; i=$((i+1)); done`;
      const words = [process.execPath, BUNDLE, ...asked, count, "sh", planArgument()];
      const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
      // A shell that stays would die of the signal itself, and which shells do depends on SHELL.
      const terminal = spawn("script", ["-qec", `exec ${line}`, "/dev/null"], {
        cwd: repo.path,
        env: environment(),
        stdio: ["pipe", "ignore", "ignore"],
      });
      await until(() => existsSync(`${trace}.up`) || terminal.exitCode !== null);
      terminal.stdin.write("\x03");
      expect((await once(terminal, "exit"))[0]).toBe(0);
      expect(await readFile(trace, "utf8")).toBe("x\n");
    },
  );
});
