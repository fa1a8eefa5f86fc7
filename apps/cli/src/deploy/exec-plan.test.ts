// SPDX-License-Identifier: Apache-2.0
// Plans that were made from something else than the commit (T55): laid out as Terraform lays them out, so that no program is needed.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type PlanParts, planFiles, type TestRepository, toSavedPlan, toZip } from "@countersign/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { createDeployedProject, type DeployedProject } from "./deployed-project.fixture.ts";

const CALL = 'module "net" {\n  source = "../modules/net"\n}\n';
const NET = 'resource "terraform_data" "a" {}\n';
const REMOTE = 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n';
const INFRA: PlanParts = {
  modules: { "": { "main.tf": CALL }, net: { "net.tf": NET } },
  from: { net: { dir: "../modules/net", source: "../modules/net" } },
};

let project: DeployedProject;
let repo: TestRepository;
let head: string;
let place: string;
let trace: string;
beforeAll(async () => {
  project = await createDeployedProject();
  head = await project.repo.commit({
    message: "net\n",
    files: { "infra/main.tf": CALL, "modules/net/net.tf": NET, "remote/main.tf": REMOTE },
    author: { name: "author", email: "author@example.com" },
  });
});
afterAll(() => project.remove());
beforeEach(async () => {
  repo = await project.copy();
  place = dirname(repo.path);
  trace = join(place, "trace");
});
afterEach(() => repo.remove());

/** What the command was given is written down; whatever it finds at the plan's own place is overwritten first. */
const SCRIPT = 'echo replaced > "$PLAN"; cat "$1" > "$0"';

/** `exec` with a file as the plan that was reviewed. */
async function exec(bytes: Buffer, ...more: readonly string[]) {
  const plan = join(place, "plan.tfplan");
  await writeFile(plan, bytes);
  return await execFile(plan, bytes, more);
}

async function execFile(plan: string, bytes: Buffer, more: readonly string[], cwd = repo.path) {
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const named = ["--plan", plan, "--plan-digest", digest];
  const command = ["sh", "-c", SCRIPT, trace, plan];
  const run = await countersign(["exec", ...project.asked(head), ...named, ...more, "--", ...command], {
    cwd,
    environment: { PLAN: join(place, "plan.tfplan"), TMPDIR: place },
  });
  const copies = readdirSync(place).filter((name) => name.startsWith("countersign-plan-"));
  expect(copies, "no copy stays").toEqual([]);
  return run;
}

const refused = async (
  run: Promise<{ readonly exitCode: number; readonly stderr: string }>,
  exitCode: number,
  ...words: readonly string[]
) => {
  const { exitCode: ended, stderr } = await run;
  expect(ended, stderr).toBe(exitCode);
  for (const each of words) expect(stderr.replace(/\s+/g, " ")).toContain(each);
  expect(existsSync(trace), "nothing was run").toBe(false);
};

const IN_INFRA = ["--plan-root", "infra"] as const;

describe("exec and the commit that a plan was made from", () => {
  it("applies the very bytes that were checked, whatever comes to lie at their place", async () => {
    const bytes = toSavedPlan(INFRA);
    const run = await exec(bytes, ...IN_INFRA);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(await readFile(trace)).toEqual(bytes);
    expect(await readFile(join(place, "plan.tfplan"), "utf8")).toBe("replaced\n");
    expect(run.stderr).toContain(
      `made from ${head.slice(0, 12)}, in infra: 2 files of 2 modules are the same, byte for byte`,
    );
    expect(run.stderr).toContain("not checked: values of variables");
  });

  it("applies what a link leads to, and finds the root module where the command runs", async () => {
    const bytes = toSavedPlan(INFRA);
    await writeFile(join(place, "real"), bytes);
    symlinkSync(join(place, "real"), join(place, "link.tfplan"));
    await repo.git(["checkout", "--quiet", "-f", "main"]);
    const run = await execFile(join(place, "link.tfplan"), bytes, [], join(repo.path, "infra"));
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(await readFile(trace)).toEqual(bytes);
  });

  it("finds plan and root module where -chdir leads", async () => {
    await repo.git(["checkout", "--quiet", "-f", "main"]);
    const bytes = toSavedPlan(INFRA);
    await writeFile(join(repo.path, "infra/p.tfplan"), bytes);
    const digest = createHash("sha256").update(bytes).digest("hex");
    const flags = ["--plan", "p.tfplan", "--plan-digest", `sha256:${digest}`];
    const command = ["sh", "-c", SCRIPT, trace, "p.tfplan", "-chdir=infra"];
    const run = await countersign(["exec", ...project.asked(head), ...flags, "--", ...command], {
      cwd: repo.path,
      environment: { PLAN: "/dev/null" },
    });
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(await readFile(trace)).toEqual(bytes);
  });

  it.each<[string, PlanParts, readonly string[]]>([
    [
      "a dirty tree",
      { ...INFRA, modules: { "": { "main.tf": CALL }, net: { "net.tf": `${NET}# dirty\n` } } },
      ["modules/net/net.tf: was another when it was planned", "not run: the plan was not made from"],
    ],
    [
      "a file that nobody committed",
      { ...INFRA, modules: { ...INFRA.modules, "": { "main.tf": CALL, "x_override.tf": "" } } },
      ["infra/x_override.tf: the plan has it, and the commit does not"],
    ],
    [
      "another root module",
      { modules: { "": { "main.tf": NET } } },
      ["infra/main.tf: was another when it was planned"],
    ],
  ])("applies no plan of %s", async (_what, parts, words) => {
    await refused(exec(toSavedPlan(parts), ...IN_INFRA), 1, ...words);
  });

  it("applies no plan of another commit", async () => {
    const bytes = toSavedPlan(INFRA);
    const before = head;
    head = await repo.commit({
      message: "later\n",
      files: { "modules/net/net.tf": "" },
      author: { name: "author", email: "author@example.com" },
    });
    await refused(exec(bytes, ...IN_INFRA), 1, "modules/net/net.tf: was another when it was planned");
    head = before;
  });

  it("applies no plan for another workspace, unless that one is meant", async () => {
    const bytes = toSavedPlan({ ...INFRA, workspace: "staging" });
    await refused(exec(bytes, ...IN_INFRA), 1, "the plan is for the workspace staging, not default");
    const meant = await exec(bytes, ...IN_INFRA, "--plan-workspace", "staging");
    expect(meant, meant.stderr).toMatchObject({ exitCode: 0 });
  });

  it("cannot tell whose the files of a registry's module are, until somebody vouches for its source", async () => {
    const bytes = toSavedPlan({
      modules: { "": { "main.tf": REMOTE }, vpc: { "x.tf": NET } },
      from: { vpc: { dir: ".terraform/modules/vpc", source: "registry.terraform.io/x" } },
    });
    const flags = ["--plan-root", "remote"];
    await refused(
      exec(bytes, ...flags),
      3,
      "--trust-module 'terraform-aws-modules/vpc/aws'",
      "nobody can tell",
    );
    const vouched = await exec(bytes, ...flags, "--trust-module", "terraform-aws-modules/*");
    expect(vouched, vouched.stderr).toMatchObject({ exitCode: 0 });
    expect(vouched.stderr).toContain("not checked: module.vpc is terraform-aws-modules/vpc/aws");
  });

  it("takes a file that a tool generated where the pipeline names it", async () => {
    const files = { "main.tf": CALL, "backend.tf": 'terraform {\n  backend "s3" {}\n}\n' };
    const bytes = toSavedPlan({ ...INFRA, modules: { ...INFRA.modules, "": files } });
    await refused(exec(bytes, ...IN_INFRA), 1, "infra/backend.tf: the plan has it");
    const run = await exec(bytes, ...IN_INFRA, "--trust-file", "backend.tf");
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain("not checked: infra/backend.tf: not in the commit, and taken as it is");
  });

  it("cannot tell where the commit has no configuration in the folder", async () => {
    await refused(exec(toSavedPlan(INFRA)), 3, "--plan-root DIR");
    await refused(exec(toSavedPlan(INFRA), "--plan-root", "../x"), 2, "expected a folder as the repository");
  });

  it("names options that change what a plan does, and applies it where that is what was reviewed", async () => {
    const fields = [
      [17, 1],
      [5, "module.net\u001b[2J"],
    ] as const;
    const run = await exec(toSavedPlan({ ...INFRA, fields }), ...IN_INFRA);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain("made with -destroy: it deletes what it manages");
    expect(run.stderr).toContain("made with -target module.net");
    expect(run.stderr).not.toContain("\u001b");
    const errored = toSavedPlan({ ...INFRA, fields: [[20, 1]] });
    await rm(trace);
    await refused(exec(errored, ...IN_INFRA), 1, "ended in an error");
  });
});

describe("exec and what is no saved plan", () => {
  const SEALED = Buffer.from('{"meta":{},"encrypted_data":"AAAA","encryption_version":"v0"}');

  it.each<[string, Buffer, string]>([
    [
      "the JSON of a plan",
      Buffer.from('{"format_version":"1.2","resource_changes":[]}'),
      "is the JSON of a plan",
    ],
    ["a plan that OpenTofu encrypted", SEALED, "is a plan that OpenTofu encrypted"],
    [
      "a run of HCP Terraform",
      Buffer.from('{"remote_plan_format":1,"run_id":"run-a","hostname":"app.terraform.io"}'),
      "countersign serve --run-task",
    ],
    ["a plan of Pulumi", Buffer.from('{"manifest":{},"resourcePlans":{}}'), "is of Pulumi"],
    ["something else", Buffer.from("tfplan"), "is no saved plan"],
    ["nothing", Buffer.alloc(0), "is no saved plan"],
  ])("refuses %s, and says what to do", async (_what, bytes, words) => {
    await refused(exec(bytes), 2, words, "--plan-digest-only");
  });

  it("applies one by its digest alone where the pipeline says so", async () => {
    const run = await exec(SEALED, "--plan-digest-only");
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain("not checked from which commit it was made");
    expect(await readFile(trace)).toEqual(SEALED);
  });

  it("lets no archive pass for one of these", async () => {
    const damaged = toSavedPlan(INFRA);
    damaged.write("tfconfiG", damaged.indexOf("tfconfig"));
    const twice = toZip([...planFiles(INFRA), { name: "tfconfig/m-/main.tf", content: "#" }]).bytes;
    for (const flags of [[], ["--plan-digest-only"]]) {
      await refused(exec(damaged, ...IN_INFRA, ...flags), 2, "contradict each other");
      await refused(exec(twice, ...IN_INFRA, ...flags), 2, 'two files are named "tfconfig/m-/main.tf"');
    }
    const dirty = toSavedPlan({ ...INFRA, modules: { ...INFRA.modules, "": { "main.tf": "#" } } });
    await refused(exec(dirty, ...IN_INFRA, "--plan-digest-only"), 1, "was not made from");
  });

  it("does not unpack more than is stated, nor what is damaged", async () => {
    const bomb = toZip([
      ...planFiles(INFRA),
      { name: "tfconfig/m-net/z.tf", content: Buffer.alloc(300 * 2 ** 20) },
    ]);
    await refused(exec(bomb.bytes, ...IN_INFRA), 2, "it unpacks to");
    const { bytes, directory } = toZip(planFiles(INFRA));
    for (const at of [bytes.indexOf("PK\u0007\u0008", 0, "latin1") + 12, directory + 24])
      bytes.writeUInt32LE(3, at);
    await refused(exec(bytes, ...IN_INFRA), 2, '"tfplan" is damaged');
  });

  it.each<[string, Buffer]>([
    ["whatever stands first in it", toZip([{ name: "x", content: "" }, ...planFiles(INFRA)]).bytes],
    ["that is encrypted", SEALED],
    ["that HCP Terraform keeps", Buffer.from('{"remote_plan_format":1,"run_id":"run-a"}')],
  ])("applies no saved plan without --plan, %s", async (_what, bytes) => {
    const loose = join(place, "loose");
    await writeFile(loose, bytes);
    const command = ["--", "sh", "-c", SCRIPT, trace, loose];
    const run = countersign(["exec", ...project.asked(head), ...command], { cwd: repo.path });
    await refused(run, 2, "which nothing says anybody reviewed");
  });
});
