// SPDX-License-Identifier: Apache-2.0
// Saved plans of Terraform itself: `terraform_data` comes with the program, so nothing is fetched.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { parseZipDirectory } from "@countersign/core/infrastructure";
import { createRepository, type TestRepository, toZip } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { countersign } from "../command.fixture.ts";
import { HAS_TERRAFORM, TERRAFORM_SETTINGS, terraform } from "./real-terraform.fixture.ts";

const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../../specs/impact.schema.json"), "utf8")),
);
const MAIN = `variable "size" {
  default = 1
}

module "net" {
  source = "../modules/net"
  size   = var.size
}
`;
const NET = `variable "size" {}

resource "terraform_data" "net" {
  input = { size = var.size, secret = sensitive("hunter2") }
}
`;

let repo: TestRepository;
let base: string;
let infra: string;
beforeAll(async () => {
  repo = await createRepository();
  base = await repo.commit({ message: "start\n", files: { ".gitignore": ".terraform\n*.tfplan\n*.json\n" } });
  await repo.commit({ message: "net\n", files: { "infra/main.tf": MAIN, "modules/net/net.tf": NET } });
  await repo.git(["checkout", "--quiet", "-f", "main"]);
  infra = join(repo.path, "infra");
  if (HAS_TERRAFORM) terraform(infra, "init", "-input=false");
});
afterAll(() => repo?.remove());

const impact = (args: readonly string[], { cwd = infra, environment = {} } = {}) =>
  countersign(["impact", "--base", base, ...args], {
    cwd,
    environment: { ...TERRAFORM_SETTINGS, TMPDIR: dirname(repo.path), ...environment },
  });

async function plan(name: string, ...args: readonly string[]): Promise<string> {
  terraform(infra, "plan", "-input=false", ...args, "-out", name);
  return createHash("sha256")
    .update(await readFile(join(infra, name)))
    .digest("hex");
}

async function unzip(file: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = parseZipDirectory(await readFile(file));
  return new Map(entries.map(({ name, packed }) => [name, inflateRawSync(packed)]));
}

describe("what is no saved plan", () => {
  it.each([
    [
      "a JSON",
      '{"format_version":"1.2","planned_values":{}}',
      "give the file that terraform plan -out FILE wrote",
    ],
    ["an encrypted plan", '{"meta":{},"encrypted_data":"","encryption_version":"v0"}', "OpenTofu encrypted"],
    ["a text", "plan", "is no saved plan"],
    ["an archive of something else", "PK\u0003\u0004", "no zip as Terraform and OpenTofu write it"],
  ])("is refused: %s", async (_what, content, words) => {
    await writeFile(join(infra, "x.tfplan"), content);
    const run = await impact(["--plan-file", "x.tfplan"]);
    expect(run).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining(words) });
  });

  it("is refused where it is no file, or larger than any plan", async () => {
    const folder = await impact(["--plan-file", "."]);
    expect(folder).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("is a folder; expected a file"),
    });
    await writeFile(join(infra, "x.tfplan"), "");
    await truncate(join(infra, "x.tfplan"), 2 ** 40);
    const large = await impact(["--plan-file", "x.tfplan"]);
    expect(large).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("more than 268435456 bytes"),
    });
    await rm(join(infra, "x.tfplan"));
  });
});

describe.skipIf(!HAS_TERRAFORM)(
  "impact --plan-file with the real terraform (needs terraform on PATH)",
  () => {
    it("says what the file does, with the digest of that file and the commit that it was made from", async () => {
      const sha256 = await plan("good.tfplan");
      const { stdout, exitCode, stderr } = await impact(["--json", "--plan-file", "good.tfplan"]);
      expect(exitCode, stderr).toBe(0);
      const document = JSON.parse(stdout);
      expect(SCHEMA.safeParse(document)).toMatchObject({ success: true });
      expect(document.plan).toMatchObject({
        tool: "terraform",
        sha256,
        commit: await repo.id("HEAD"),
        resources: [{ address: "module.net.terraform_data.net", action: "create" }],
        saved: {
          program: "terraform",
          mode: "normal",
          backend: "local",
          workspace: "default",
          origin: { status: "same", root: "infra", modules: 2, files: 2, differences: [], unknown: [] },
        },
      });
      expect(stdout).not.toContain("hunter2");
      const table = await impact(["--plan-file", "good.tfplan"]);
      expect(table.stdout).toContain(`the plan file sha256:${sha256}`);
      expect(table.stdout).toContain("in infra: 2 files of 2 modules are the same, byte for byte");
      expect(table.stdout).toContain("not checked: values of variables");
    });

    it("follows a link, works from elsewhere, and leaves no copy", async () => {
      const sha256 = await plan("good.tfplan");
      await symlink(join(infra, "good.tfplan"), join(repo.path, "link.tfplan"));
      const run = await impact(["--json", "--plan-file", "link.tfplan", "--plan-root", "infra"], {
        cwd: repo.path,
      });
      expect(JSON.parse(run.stdout).plan).toMatchObject({ sha256, saved: { origin: { status: "same" } } });
      expect(readdirSync(dirname(repo.path)).filter((name) => name.startsWith("countersign-plan"))).toEqual(
        [],
      );
    });

    it.each([
      ["-destroy", ["-destroy"], "made with -destroy"],
      ["-refresh-only", ["-refresh-only"], "made with -refresh-only"],
      ["-target", ["-target=module.net"], "made with -target module.net: everything else is left as it is"],
    ])("names %s, which no JSON does", async (_what, args, words) => {
      await plan("odd.tfplan", ...args);
      const { stdout, exitCode, stderr } = await impact(["--plan-file", "odd.tfplan"]);
      expect(exitCode, stderr).toBe(0);
      expect(stdout.replace(/\s+/g, " ")).toContain(words);
    });

    it("names the files of a dirty tree", async () => {
      await writeFile(join(infra, "extra.tf"), 'resource "terraform_data" "extra" {}\n');
      await plan("dirty.tfplan");
      await rm(join(infra, "extra.tf"));
      const { stdout } = await impact(["--json", "--plan-file", "dirty.tfplan"]);
      expect(JSON.parse(stdout).plan.saved.origin).toMatchObject({
        status: "differs",
        differences: [{ path: "infra/extra.tf", reason: "the plan has it, and the commit does not" }],
      });
      const { stdout: table } = await impact(["--plan-file", "dirty.tfplan"]);
      expect(table).toContain("✘ infra/extra.tf: the plan has it, and the commit does not");
    });

    it("shows what a file does that somebody put together from two plans, though its configuration is the commit's", async () => {
      await plan("good.tfplan");
      await writeFile(join(infra, "extra.tf"), 'resource "terraform_data" "extra" {}\n');
      await plan("evil.tfplan");
      await rm(join(infra, "extra.tf"));
      const [good, evil] = await Promise.all(
        ["good", "evil"].map((name) => unzip(join(infra, `${name}.tfplan`))),
      );
      const forged = [...(good ?? [])].map(([name, content]) => ({
        name,
        content: name === "tfplan" ? (evil?.get(name) ?? "") : content,
      }));
      await writeFile(join(infra, "forged.tfplan"), toZip(forged).bytes);
      const { stdout, stderr } = await impact(["--json", "--plan-file", "forged.tfplan"]);
      const { plan: shown } = JSON.parse(stdout || stderr);
      expect(shown.saved.origin.status).toBe("same");
      expect(shown.resources.map(({ address }: { readonly address: string }) => address)).toContain(
        "terraform_data.extra",
      );
    });

    it("takes a JSON beside it that says the same, and refuses one of another plan", async () => {
      await plan("good.tfplan");
      const json = terraform(infra, "show", "-json", "good.tfplan");
      await writeFile(join(infra, "good.json"), JSON.stringify(JSON.parse(json), null, 2));
      const both = ["--plan-file", "good.tfplan", "--plan", "good.json"];
      expect(await impact(both)).toMatchObject({ exitCode: 0 });
      await plan("other.tfplan", "-var=size=2");
      await writeFile(join(infra, "good.json"), terraform(infra, "show", "-json", "other.tfplan"));
      const run = await impact(both);
      expect(run).toMatchObject({ exitCode: 2, stdout: "" });
      expect(run.stderr).toContain(
        "--plan good.json is not what --plan-file good.tfplan does: they differ at ",
      );
    });

    it("sends a saved plan that was given as a JSON where it belongs", async () => {
      await plan("good.tfplan");
      const run = await impact(["--plan", "good.tfplan"]);
      expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("give it as --plan-file") });
    });

    it("cannot tell without the program, and says so", async () => {
      await plan("good.tfplan");
      const run = await impact(["--plan-file", "good.tfplan"], { environment: { PATH: "/usr/bin:/bin" } });
      expect(run).toMatchObject({ exitCode: 3, stdout: "" });
      expect(run.stderr).toContain("read by terraform or tofu, and neither can be started");
    });
  },
);
