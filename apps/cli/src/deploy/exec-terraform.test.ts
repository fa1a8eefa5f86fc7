// SPDX-License-Identifier: Apache-2.0
// The door before Terraform itself: `terraform_data` comes with the program, so nothing is fetched and nothing leaves this machine.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { HAS_TERRAFORM, TERRAFORM_SETTINGS, terraform } from "../plan/real-terraform.fixture.ts";
import { createDeployedProject, type DeployedProject } from "./deployed-project.fixture.ts";

const SOURCE = `variable "command" {
  type    = string
  default = "true"
}

resource "terraform_data" "route" {
  triggers_replace = var.command
  provisioner "local-exec" {
    command = var.command
  }
}
`;

describe.skipIf(!HAS_TERRAFORM)("exec before the real terraform (needs terraform on PATH)", () => {
  let project: DeployedProject;
  let folder: string;
  let head: string;
  beforeAll(async () => {
    project = await createDeployedProject();
    const { repo } = project;
    head = await repo.commit({
      message: "route\n",
      files: { "main.tf": SOURCE },
      author: { name: "author", email: "author@example.com" },
    });
    // What Terraform writes beside its files is nothing of the repository's.
    folder = join(dirname(repo.path), "work");
    await mkdir(folder);
    await writeFile(join(folder, "main.tf"), SOURCE);
    terraform(folder, "init", "-input=false");
  });
  afterAll(() => project?.remove());

  async function plan(name: string, command: string): Promise<string> {
    terraform(folder, "plan", "-input=false", `-var=command=${command}`, "-out", name);
    return `sha256:${createHash("sha256")
      .update(await readFile(join(folder, name)))
      .digest("hex")}`;
  }

  const apply = (name: string, digest: string) =>
    countersign(
      [
        "exec",
        "--repo",
        project.repo.path,
        ...project.asked(head),
        "--plan",
        name,
        "--plan-digest",
        digest,
      ].concat(["--", "terraform", "apply", "-input=false", "-no-color", name]),
      { cwd: folder, environment: TERRAFORM_SETTINGS },
    );

  it("applies the plan that was reviewed, and records its digest", async () => {
    const trace = join(dirname(project.repo.path), "applied");
    const digest = await plan("good.tfplan", `touch ${trace}`);
    const run = await apply("good.tfplan", digest);
    expect(run, run.stderr).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Apply complete!"),
    });
    expect(run.stderr).toContain("recorded as pass");
    expect(existsSync(trace)).toBe(true);
  });

  it("does not apply one that was planned anew after the review (T55)", async () => {
    const digest = await plan("twice.tfplan", "echo once");
    await plan("twice.tfplan", "echo twice");
    const run = await apply("twice.tfplan", digest);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("it is another plan");
  });

  it.each([
    ["without --plan", []],
    ["beside the one that --plan names", ["good.tfplan"]],
  ])("applies no saved plan %s, which nobody compared with anything", async (_what, named) => {
    const digests = await Promise.all(named.map((name) => plan(name, "echo good")));
    await plan("loose.tfplan", "echo loose");
    const flags = named.flatMap((name, i) => ["--plan", name, "--plan-digest", digests[i] ?? ""]);
    const asked = ["exec", "--repo", project.repo.path, ...project.asked(head), ...flags, "--"];
    for (const [cwd, ...where] of [[folder], [dirname(folder), `-chdir=${folder}`]] as const) {
      const command = ["terraform", ...where, "apply", "-input=false", ...named, "loose.tfplan"];
      const run = await countersign([...asked, ...command], { cwd, environment: TERRAFORM_SETTINGS });
      expect(run).toMatchObject({ exitCode: 2, stdout: "" });
      expect(run.stderr).toContain(
        "applies the saved plan loose.tfplan, which nothing says anybody reviewed",
      );
    }
  });

  it("records an apply that failed half way as tried, and ends with 4", async () => {
    const digest = await plan("bad.tfplan", "exit 7");
    const run = await apply("bad.tfplan", digest);
    expect(run, run.stderr).toMatchObject({ exitCode: 4 });
    expect(run.stderr).toContain("ended with exit code 1: nobody can tell what it changed in production");
    expect(run.stderr).toContain("recorded as error");
  });
});
