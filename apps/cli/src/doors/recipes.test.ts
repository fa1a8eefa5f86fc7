// SPDX-License-Identifier: Apache-2.0
// The steps of docs/recipes, taken out of the pages and run with the shell and the variables that each system gives them.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type TestRepository, testEnvironment, toSavedPlan, tryRun } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { BUNDLE, countersign } from "../command.fixture.ts";
import { createDeployedProject, type DeployedProject, MAIN } from "../deploy/deployed-project.fixture.ts";

const RECIPES = join(import.meta.dirname, "../../../../docs/recipes");
/** Plans what the folder holds, as the real one would lay it out, and applies by telling that it did. */
const TERRAFORM = `#!/bin/sh
case "$1" in
init) ;;
plan) cp "$PLANS/$(sha256sum < main.tf | cut -c 1-64)" plan.tfplan ;;
show) echo '{"format_version":"1.2","resource_changes":[]}' ;;
apply) for plan; do :; done; cat "$plan" >> "$APPLIED" ;;
*) exit 9 ;;
esac
`;

let project: DeployedProject;
let origin: TestRepository;
let work: TestRepository;
let bin: string;
let applied: string;
let plans: string;
const BY_HAND = "# by hand\n";
const BY_AI = "# by an AI\n";
const planOf = (content: string) => toSavedPlan({ modules: { "": { "main.tf": content } } });
const human = { name: "author", email: "author@example.com" };
const AI = "net: route\n\nAI-Assisted: claude-code/claude-opus-4-8\n";

beforeAll(async () => {
  project = await createDeployedProject({
    keys: ["senior"],
    policy: (publicKeyOf) => [
      "people:",
      "  author: { emails: [author@example.com] }",
      `  senior: { emails: [senior@example.com], keys: ["${publicKeyOf("senior")}"] }`,
      "roles: { senior: { members: [senior] } }",
      "rules: [{ id: ai-senior, when: change.ai.assisted, require: { role: senior } }]",
      `machines: { deployer: { keys: ["${publicKeyOf("deployer")}"], may: [deployment] } }`,
    ],
  });
  origin = project.repo;
  bin = join(dirname(origin.path), "bin");
  applied = join(dirname(origin.path), "applied");
  plans = join(dirname(origin.path), "plans");
  await mkdir(bin);
  await mkdir(plans);
  for (const content of [BY_HAND, BY_AI])
    await writeFile(join(plans, createHash("sha256").update(content).digest("hex")), planOf(content));
  await writeFile(join(bin, "terraform"), TERRAFORM, { mode: 0o755 });
  await writeFile(join(bin, "countersign"), `#!/bin/sh\nexec '${process.execPath}' '${BUNDLE}' "$@"\n`, {
    mode: 0o755,
  });
  await origin.commit({ message: "net: by hand\n", files: { "main.tf": BY_HAND }, author: human });
  work = await origin.clone();
});
afterAll(async () => {
  await work?.remove();
  await project?.remove();
});

const readPage = (name: string) => readFile(join(RECIPES, `${name}.md`), "utf8");

async function readYaml(page: string, comment: string) {
  const text = await readPage(page);
  const [, block] = text.split(`\`\`\`yaml\n# ${comment}\n`);
  expect(block, `${page}.md has no example ${comment}`).toBeDefined();
  return parse((block ?? "").slice(0, (block ?? "").indexOf("```")));
}

const shell = (
  command: readonly [string, ...string[]],
  script: string,
  more: Readonly<Record<string, string>>,
  cwd = work.path,
) =>
  tryRun(command[0], [...command.slice(1), script], {
    cwd,
    environment: testEnvironment({ PATH: `${bin}:/usr/bin:/bin`, APPLIED: applied, PLANS: plans, ...more }),
  });

async function readApplied(): Promise<string> {
  const text = await readFile(applied, "latin1").catch(() => "");
  await rm(applied, { force: true });
  return text;
}

/** As a runner leaves it: the commit, detached, and no evidence of before. */
async function checkOut(): Promise<string> {
  await work.git(["fetch", "--quiet", "origin", `+${MAIN}:refs/remotes/origin/main`]);
  await work.git(["checkout", "--quiet", "--detach", "refs/remotes/origin/main"]);
  await work.git(["update-ref", MAIN, "refs/remotes/origin/main"]);
  await work.git(["update-ref", "-d", "refs/countersign/evidence"]);
  return work.id("HEAD");
}

const countRecords = async () =>
  (await origin.git(["ls-tree", "-r", "--name-only", "refs/countersign/evidence"])).toString().split("\n")
    .length;

describe("docs/recipes/pipeline.md", () => {
  const BASH = ["bash", "-e", "-c"] as const;

  it("GitHub: applies what was reviewed and pushes the record; not an AI's change that nobody signed", async () => {
    const { jobs } = await readYaml("pipeline", ".github/workflows/apply.yml");
    const runOf = (job: { readonly steps: readonly { readonly run?: string }[] }) =>
      job.steps.map(({ run }) => run).filter((run) => run !== undefined);
    const apply = async () => {
      const GITHUB_SHA = await checkOut();
      const temp = dirname(work.path);
      const output = join(temp, "output");
      await rm(output, { force: true });
      const [plan = ""] = runOf(jobs.plan);
      expect(await shell(BASH, plan, { GITHUB_OUTPUT: output })).toMatchObject({ exitCode: 0 });
      const DIGEST = (await readFile(output, "utf8")).trim().replace(/^digest=/, "");
      const DEPLOY_KEY = await readFile(project.keyOf("deployer").privateKeyPath, "utf8");
      const [script = ""] = runOf(jobs.apply);
      return await shell(BASH, script, {
        GITHUB_SHA,
        DIGEST,
        DEPLOY_KEY: DEPLOY_KEY.trimEnd(),
        RUNNER_TEMP: temp,
      });
    };
    const before = await countRecords();
    const good = await apply();
    expect(good, good.stderr).toMatchObject({ exitCode: 0 });
    expect(await readApplied()).toBe(planOf(BY_HAND).toString("latin1"));
    expect(await countRecords()).toBe(before + 1);
    const tip = await origin.id("main");
    await origin.commit({ message: AI, files: { "main.tf": BY_AI }, author: human });
    const denied = await apply();
    expect(denied, denied.stderr).toMatchObject({ exitCode: 1 });
    expect(await readApplied()).toBe("");
    await origin.git(["reset", "--quiet", "--hard", tip]);
  });

  it("GitLab: the same, with its own variables", async () => {
    const { plan, apply } = await readYaml("pipeline", ".gitlab-ci.yml");
    const CI_COMMIT_SHA = await checkOut();
    await work.git(["update-ref", "-d", MAIN]);
    expect(await shell(BASH, plan.script.join("\n"), {})).toMatchObject({ exitCode: 0 });
    const DIGEST = (await readFile(join(work.path, "plan.env"), "utf8")).trim().replace(/^DIGEST=/, "");
    const before = await countRecords();
    const variables = {
      CI_COMMIT_SHA,
      DIGEST,
      DEPLOY_KEY: project.keyOf("deployer").privateKeyPath,
      EVIDENCE_URL: `file://${origin.path}`,
    };
    const run = await shell(BASH, apply.script.join("\n"), variables);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(await readApplied()).toBe(planOf(BY_HAND).toString("latin1"));
    expect(await countRecords()).toBe(before + 1);
  });

  it("Jenkins: the same, and a failed command ends the build with its record pushed", async () => {
    const scripts = [...(await readPage("pipeline")).matchAll(/sh '''\n([\s\S]*?)'''/g)].map(
      ([, text = ""]) => text,
    );
    const [plan = "", apply = ""] = scripts;
    expect(scripts).toHaveLength(2);
    const GIT_COMMIT = await checkOut();
    const SH = ["sh", "-xe", "-c"] as const;
    expect(await shell(SH, plan, {})).toMatchObject({ exitCode: 0 });
    const DIGEST = `sha256:${(await readFile(join(work.path, "plan.sha256"), "utf8")).trim()}`;
    const before = await countRecords();
    const variables = {
      GIT_COMMIT,
      DIGEST,
      DEPLOY_KEY: project.keyOf("deployer").privateKeyPath,
      APPLIED: "/dev/null/none",
    };
    expect(await shell(SH, apply, variables)).toMatchObject({ exitCode: 4 });
    expect(await countRecords()).toBe(before + 1);
  });
});

describe("docs/recipes/atlantis.md", () => {
  it("applies nothing that waits for a sign-off, that moved on, or that was planned from something else", async () => {
    const { repos, workflows } = await readYaml("atlantis", "repos.yaml");
    expect(repos[0]).toMatchObject({
      allowed_overrides: [],
      allow_custom_workflows: false,
      workflow: "countersign",
    });
    const { plan, apply } = workflows.countersign;
    expect([plan.steps.slice(0, 2), apply.steps.at(-1)]).toEqual([["init", "plan"], "apply"]);
    const head = await origin.commit({
      branch: "change",
      parents: [await origin.id("main")],
      message: AI,
      files: { "main.tf": BY_AI },
      author: human,
    });
    await origin.git(["update-ref", "refs/pull/7/head", head]);
    const COUNTERSIGN_REPOSITORY = join(dirname(origin.path), "own.git");
    await origin.git(["clone", "--quiet", "--bare", `file://${origin.path}`, COUNTERSIGN_REPOSITORY]);
    // As Atlantis clones: one branch, one commit deep.
    await using clone = await origin.clone(["--depth=1", "--branch", "change", "--single-branch"]);
    const variables = {
      COUNTERSIGN_REPOSITORY,
      DIR: clone.path,
      PLANFILE: join(clone.path, "default.tfplan"),
      WORKSPACE: "default",
      HEAD_COMMIT: head,
      HEAD_BRANCH_NAME: "x$(touch pwned)`touch pwned`",
      BASE_BRANCH_NAME: "main",
      PULL_NUM: "7",
      PULL_AUTHOR: "author",
      REPO_REL_DIR: ".",
    };
    await writeFile(variables.PLANFILE, planOf(BY_AI));
    const step = (script: string, more = {}) =>
      shell(["sh", "-c"], script, { ...variables, ...more }, clone.path);
    const door: string = apply.steps[0].run;
    expect(await step(door, { HEAD_COMMIT: await origin.id("main") })).toMatchObject({ exitCode: 1 });
    const waiting = await step(door);
    expect(waiting, waiting.stderr).toMatchObject({ exitCode: 1 });
    expect(waiting.stdout.toString()).toContain("0 of 1 sign-off");
    const change = [
      "--base",
      "main",
      "--head",
      head,
      "--target",
      MAIN,
      "--key",
      project.keyOf("senior").privateKeyPath,
    ];
    expect(await countersign(["approve", ...change], { cwd: origin.path })).toMatchObject({ exitCode: 0 });
    const signed = await step(door);
    expect(signed, signed.stderr).toMatchObject({ exitCode: 0 });
    const shown = (await step(plan.steps[2].run)).stdout.toString();
    expect(shown).toContain("touches");
    expect(shown).toContain(`made from ${head.slice(0, 12)}, in its top folder: 1 file of 1 module`);
    expect(existsSync(join(clone.path, "pwned"))).toBe(false);
    await origin.git(["update-ref", "refs/pull/7/head", "main"]);
    expect(await step(door)).toMatchObject({ exitCode: 1 });
  });
});
