// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type TestRepository, testEnvironment, toSavedPlan } from "@countersign/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUNDLE, countersign } from "../command.fixture.ts";
import { createDeployedProject, type DeployedProject } from "./deployed-project.fixture.ts";

const A_TF = "# a\n";
const PLAN = toSavedPlan({ modules: { "": { "a.tf": A_TF } } });
const DIGEST = `sha256:${createHash("sha256").update(PLAN).digest("hex")}`;

let project: DeployedProject;
let repo: TestRepository;
/** What a test's command writes; it is there if the command was run. */
let trace: string;
let plan: string;
beforeAll(async () => {
  project = await createDeployedProject({
    keys: ["stranger"],
    policy: (publicKeyOf) => [
      "people: { author: { emails: [author@example.com] } }",
      "rules: [{ id: no-ai, when: change.ai.assisted, deny: no AI here }]",
      "machines:",
      `  deployer: { keys: ["${publicKeyOf("deployer")}"], may: [deployment] }`,
      `  stranger: { keys: ["${publicKeyOf("stranger")}"], may: [provenance] }`,
    ],
  });
});
afterAll(() => project.remove());
beforeEach(async () => {
  repo = await project.copy();
  trace = join(dirname(repo.path), "trace");
  plan = join(dirname(repo.path), "plan.tfplan");
  await writeFile(plan, PLAN);
});
afterEach(() => repo.remove());

const asked = (commit: string) => project.asked(commit);
const exec = (options: readonly string[], ...command: readonly string[]) =>
  countersign(["exec", ...options, "--", ...command], {
    cwd: repo.path,
    environment: { TMPDIR: dirname(repo.path) },
  });
const copies = () => readdirSync(dirname(repo.path)).filter((name) => name.startsWith("countersign-plan-"));
/** Says where it was, what it was given and what is in that file. */
const SCRIPT = 'printf "%s\\n" "$PWD" "$1" > "$0"; cat "$1" >> "$0"; echo applied';
const apply = (...given: readonly string[]) => ["sh", "-c", SCRIPT, trace, ...given];
const byHand = () =>
  repo.commit({
    message: "by hand\n",
    files: { "a.tf": A_TF },
    author: { name: "author", email: "author@example.com" },
  });

async function readRecords(): Promise<readonly { readonly envelope: string }[]> {
  const { stdout } = await countersign(["evidence", "list", "--json"], { cwd: repo.path });
  return JSON.parse(stdout).evidence;
}

/** The deployment that no other one names as the one before it. */
async function lastRecord() {
  const all = await Promise.all(
    (await readRecords()).map(async ({ envelope }) => {
      const shown = await countersign(["evidence", "show", envelope, "--json"], { cwd: repo.path });
      return { envelope, predicate: JSON.parse(shown.stdout).statement.predicate };
    }),
  );
  const named = new Set(all.map(({ predicate }) => predicate.previous));
  return all.find(({ envelope }) => !named.has(envelope))?.predicate;
}

describe("exec", () => {
  it("runs what may be deployed with its own output, gives it the plan that was checked, and records both", async () => {
    const head = await byHand();
    const run = await exec([...asked(head), "--plan", plan, "--plan-digest", DIGEST], ...apply(plan));
    expect(run, run.stderr).toMatchObject({ exitCode: 0, stdout: "applied\n" });
    expect(run.stderr).toContain("may be deployed: production");
    const [place, given = "", ...content] = (await readFile(trace, "latin1")).split("\n");
    expect(place).toBe(repo.path);
    expect(given).not.toBe(plan);
    expect(content.join("\n")).toBe(PLAN.toString("latin1"));
    expect(run.stderr).toContain(`the plan file ${DIGEST}`);
    expect(run.stderr).toContain("1 file of 1 module are the same, byte for byte");
    expect(existsSync(given), "the copy is gone afterwards").toBe(false);
    expect(run.stderr).toMatch(/recorded as pass: [0-9a-f]{16} /);
    expect(await lastRecord()).toMatchObject({
      verdict: "pass",
      commits: { head },
      artifacts: [{ name: "plan.tfplan", digest: { sha256: DIGEST.slice("sha256:".length) } }],
    });
  });

  it("runs nothing that the policy denies, and records nothing", async () => {
    const message = "b\n\nAI-Assisted: cursor/unknown\n";
    const head = await repo.commit({ message, files: { "b.tf": "b\n" } });
    const run = await exec(asked(head), ...apply("/dev/null"));
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("no-ai");
    expect(run.stderr).toMatch(/countersign: not run: the answer is denied\n$/);
    expect(existsSync(trace)).toBe(false);
    expect(await readRecords()).toHaveLength(1);
  });

  it("does not apply another plan than the one that was reviewed (T55)", async () => {
    const head = await byHand();
    await writeFile(plan, toSavedPlan({ modules: { "": { "a.tf": A_TF } }, lock: "# another\n" }));
    const run = await exec([...asked(head), "--plan", plan, "--plan-digest", DIGEST], ...apply(plan));
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(
      /not run: the plan is sha256:[0-9a-f]{64}, and sha256:[0-9a-f]{64} was reviewed: it is another plan/,
    );
    expect(existsSync(trace)).toBe(false);
  });

  it("cannot tell, and runs nothing, where nothing says what runs there", async () => {
    const run = await exec(["--environment", "elsewhere", ...asked("HEAD").slice(2)], ...apply("/dev/null"));
    expect(run.exitCode).toBe(3);
    expect(existsSync(trace)).toBe(false);
  });

  it("records that a command was tried and failed, as nothing that was approved, whatever code it ended with", async () => {
    const head = await byHand();
    const run = await exec(asked(head), "sh", "-c", "echo half; exit 3");
    expect(run).toMatchObject({ exitCode: 4, stdout: "half\n" });
    expect(run.stderr).toContain("ended with exit code 3: nobody can tell what it changed in production");
    expect(await lastRecord()).toMatchObject({
      verdict: "error",
      commits: { head },
      reasons: [{ rule: "exec", reason: expect.stringContaining("exit code 3") }],
    });
    const killed = await exec(asked(head), "sh", "-c", "kill -9 $$");
    expect(killed).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("ended by SIGKILL") });
    const again = await exec(asked(head), ...apply("/dev/null"));
    expect(again, again.stderr).toMatchObject({ exitCode: 0 });
    expect(await lastRecord()).toMatchObject({ verdict: "pass", kind: "forward" });
  });

  it("says that the command ran where its deployment cannot be recorded", async () => {
    const head = await byHand();
    const run = await exec(asked(head), "sh", "-c", "rm -rf .git/objects && echo applied");
    expect(run).toMatchObject({ exitCode: 4, stdout: "applied\n" });
    expect(run.stderr).toMatch(
      /the command ran, and its deployment could not be recorded: .*countersign deploy record/,
    );
  });

  it("hands a signal on, and waits for the command to end", async () => {
    const head = await byHand();
    const wait = `trap 'echo stopped; exit 0' TERM; echo $$ > '${trace}'; while :; do sleep 0.05; done`;
    const child = spawn(process.execPath, [BUNDLE, "exec", ...asked(head), "--", "sh", "-c", wait], {
      cwd: repo.path,
      env: testEnvironment({}),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    while (!existsSync(trace) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGTERM");
    const [code] = await once(child, "close");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "stopped\n" });
    expect(await readRecords()).toHaveLength(2);
  });

  it.each([
    ["no command", () => exec(asked("HEAD")), "say what to run"],
    [
      "a program that is none",
      () => exec(asked("HEAD"), "no-such-program"),
      "cannot be started (ENOENT); nothing was run",
    ],
    [
      "a key that may not",
      () => exec(project.asked("HEAD", project.keyOf("stranger")), ...apply("x")),
      "may not say a deployment",
    ],
    [
      "a plan without its digest",
      () => exec([...asked("HEAD"), "--plan", plan], ...apply(plan)),
      "--plan-digest sha256:HEX",
    ],
    [
      "a digest that is none",
      () => exec([...asked("HEAD"), "--plan", plan, "--plan-digest", "md5:1"], ...apply(plan)),
      "sha256sum",
    ],
    [
      "a digest without a plan",
      () => exec([...asked("HEAD"), "--plan-digest", DIGEST], ...apply("x")),
      "--plan FILE",
    ],
    [
      "a plan that is not applied",
      () => exec([...asked("HEAD"), "--plan", plan, "--plan-digest", DIGEST], ...apply("other")),
      "would apply something else",
    ],
    [
      "a saved plan that --plan does not name",
      async () => {
        const loose = join(dirname(repo.path), "loose.tfplan");
        await writeFile(loose, PLAN);
        return await exec(asked("HEAD"), ...apply(loose));
      },
      "which nothing says anybody reviewed",
    ],
    ["an empty program", () => exec(asked("HEAD"), ""), "say what to run behind --"],
    [
      "a plan that is a folder",
      () => exec([...asked("HEAD"), "--plan", "..", "--plan-digest", DIGEST], ...apply("..")),
      "is a folder; expected a file",
    ],
    [
      "a plan that is a device, which never ends",
      () => exec([...asked("HEAD"), "--plan", "/dev/zero", "--plan-digest", DIGEST], ...apply("/dev/zero")),
      "is a device; expected a file",
    ],
    [
      "a plan that is a pipe, whose opening would wait for ever",
      async () => {
        const pipe = join(dirname(repo.path), "pipe");
        execFileSync("mkfifo", [pipe]);
        return await exec([...asked("HEAD"), "--plan", pipe, "--plan-digest", DIGEST], ...apply(pipe));
      },
      "is a pipe; expected a file",
    ],
    [
      "a plan that is not there",
      () => exec([...asked("HEAD"), "--plan", "gone", "--plan-digest", DIGEST], ...apply("gone")),
      "cannot be read (ENOENT)",
    ],
  ])("%s is a usage error, and nothing is run", async (_what, run, words) => {
    const { exitCode, stdout, stderr } = await run();
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(existsSync(trace)).toBe(false);
    expect(copies()).toEqual([]);
  });
});
