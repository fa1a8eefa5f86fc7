// SPDX-License-Identifier: Apache-2.0
// Where a plan was made, before Terraform itself: a root module in a folder, with a module beside it.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestRepository } from "@countersign/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { HAS_TERRAFORM, TERRAFORM_SETTINGS, terraform } from "../plan/real-terraform.fixture.ts";
import { createDeployedProject, type DeployedProject } from "./deployed-project.fixture.ts";

const MAIN = `terraform {
  backend "local" {}
}

variable "trace" {
  default = "/dev/null"
}

module "net" {
  source = "../modules/net"
  trace  = var.trace
}
`;
const NET = `variable "trace" {}

resource "terraform_data" "net" {
  provisioner "local-exec" {
    command = "echo applied >> \${var.trace}"
  }
}
`;
const AUTHOR = { name: "author", email: "author@example.com" };

describe.skipIf(!HAS_TERRAFORM)("exec and where a plan was made (needs terraform on PATH)", () => {
  let project: DeployedProject;
  let repo: TestRepository;
  let head: string;
  let trace: string;
  beforeAll(async () => {
    project = await createDeployedProject();
    const files = { "infra/main.tf": MAIN, "modules/net/net.tf": NET };
    head = await project.repo.commit({ message: "net\n", files, author: AUTHOR });
  });
  afterAll(() => project?.remove());
  beforeEach(async () => {
    repo = await project.copy();
    await repo.git(["checkout", "--quiet", "-f", "main"]);
    trace = join(dirname(repo.path), "trace");
    terraform(repo.path, "-chdir=infra", "init", "-input=false");
  });
  afterEach(() => repo?.remove());

  const plan = (...more: readonly string[]) =>
    terraform(
      repo.path,
      "-chdir=infra",
      "plan",
      "-input=false",
      `-var=trace=${trace}`,
      "-out=p.tfplan",
      ...more,
    );

  async function apply(commit: string, ...more: readonly string[]) {
    const bytes = await readFile(join(repo.path, "infra/p.tfplan"));
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    const flags = ["--plan", "p.tfplan", "--plan-digest", digest, ...more];
    const command = ["terraform", "-chdir=infra", "apply", "-input=false", "-no-color", "p.tfplan"];
    return await countersign(["exec", ...project.asked(commit), ...flags, "--", ...command], {
      cwd: repo.path,
      environment: TERRAFORM_SETTINGS,
    });
  }

  it("applies one of the commit, from a folder by -chdir, with a module beside it", async () => {
    plan();
    const run = await apply(head);
    expect(run, run.stderr).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Apply complete!"),
    });
    expect(run.stderr).toContain("in infra: 2 files of 2 modules are the same, byte for byte");
    expect(await readFile(trace, "utf8")).toBe("applied\n");
  });

  it.each<[string, () => Promise<void>, string]>([
    [
      "a dirty module",
      () => writeFile(join(repo.path, "modules/net/net.tf"), `${NET}# dirty\n`),
      "modules/net/net.tf: was another",
    ],
    [
      "a file that nobody committed",
      () => writeFile(join(repo.path, "infra/x_override.tf"), "locals {}\n"),
      "infra/x_override.tf: the plan has it",
    ],
    [
      "a file under another name",
      () => rename(join(repo.path, "infra/main.tf"), join(repo.path, "infra/z.tf")),
      "infra/main.tf: the commit has it, and the plan does not",
    ],
  ])("applies none of a tree with %s, though the tree is clean again", async (_what, soil, words) => {
    await soil();
    plan();
    await repo.git(["reset", "--quiet", "--hard"]);
    await repo.git(["clean", "--quiet", "-fd", "-e", "*.tfplan", "-e", ".terraform"]);
    const run = await apply(head);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(words);
    expect(run.stderr).toContain("not run: the plan was not made from");
    expect(existsSync(trace)).toBe(false);
  });

  it("applies none that was made from a later commit than the one that is deployed", async () => {
    const later = await repo.commit({
      message: "later\n",
      files: { "modules/net/net.tf": NET.replace("applied", "later") },
      author: AUTHOR,
    });
    await repo.git(["checkout", "--quiet", "-f", "main"]);
    plan();
    expect(await apply(head)).toMatchObject({ exitCode: 1, stdout: "" });
    expect(existsSync(trace)).toBe(false);
    expect(await apply(later)).toMatchObject({ exitCode: 0 });
  });

  it("applies none for another workspace than the one that is meant", async () => {
    terraform(repo.path, "-chdir=infra", "workspace", "new", "staging");
    plan();
    const run = await apply(head);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("the plan is for the workspace staging, not default");
    expect(await apply(head, "--plan-workspace", "staging")).toMatchObject({ exitCode: 0 });
  });

  it("applies none whose state is elsewhere than it is meant to be, though its files are the commit's", async () => {
    terraform(
      repo.path,
      "-chdir=infra",
      "init",
      "-input=false",
      "-reconfigure",
      "-backend-config=path=staging.tfstate",
    );
    plan();
    const meant = ["--plan-state", "path=prod.tfstate"];
    const run = await apply(head, ...meant);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("whose state is in local (path staging.tfstate)");
    expect(run.stderr).toContain(
      "not run: the plan's state is not where it is meant to be: path=prod.tfstate",
    );
    expect(await apply(head, "--plan-state", "access_key=x")).toMatchObject({ exitCode: 2 });
    terraform(
      repo.path,
      "-chdir=infra",
      "init",
      "-input=false",
      "-reconfigure",
      "-backend-config=path=prod.tfstate",
    );
    plan();
    expect(await apply(head, ...meant)).toMatchObject({ exitCode: 0 });
  });

  it("names -destroy and -target, with which the same configuration does something else", async () => {
    plan();
    expect(await apply(head)).toMatchObject({ exitCode: 0 });
    plan("-destroy", "-target=module.net");
    const run = await apply(head);
    expect(run, run.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("1 destroyed") });
    expect(run.stderr).toContain("made with -destroy: it deletes what it manages");
    expect(run.stderr).toContain("made with -target module.net");
  });
});
