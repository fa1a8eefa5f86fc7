// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { askTested } from "./ask-tested.fixture.ts";

type Files = Readonly<Record<string, string | null>>;
const RUN =
  'run "plan" {\n  command = plan\n  assert {\n    condition     = aws_vpc.a.id != ""\n    error_message = "no"\n  }\n}\n';
const RUN_OF = (source: string) => RUN.replace("{\n", `{\n  module {\n    source = "${source}"\n  }\n`);
const NET = { "modules/net/main.tf": 'resource "aws_vpc" "a" {}\n' };
const ask = (files: Files, path = "modules/net/main.tf", links?: readonly string[]) =>
  askTested(path, "terraform", { ...NET, ...files }, links).tested;

describe("terraform test", () => {
  it.each<[string, Files]>([
    ["in the module's folder", { "modules/net/net.tftest.hcl": RUN }],
    ["in tests beside it", { "modules/net/tests/net.tftest.hcl": RUN }],
    ["of OpenTofu", { "modules/net/tests/net.tofutest.hcl": RUN }],
    [
      "in JSON",
      {
        "modules/net/a.tftest.json": `{"run": {"a": {"assert": [{"condition": "\${aws_vpc.a.id != 1}", "error_message": "no"}]}}}`,
      },
    ],
    ["of another folder, whose run names the module", { "tests/net.tftest.hcl": RUN_OF("./modules/net") }],
    [
      "of a folder that calls it",
      { "main.tf": 'module "net" {\n  source = "./modules/net"\n}\n', "tests/a.tftest.hcl": RUN },
    ],
    [
      "of an example that calls what calls it",
      {
        "examples/all/main.tf": 'module "a" {\n  source = "../../stack"\n}\n',
        "stack/main.tf.json": '{"module": {"net": {"source": "../modules/net"}}}',
        "examples/all/all.tftest.hcl": RUN,
      },
    ],
    [
      "that expects a failure",
      { "modules/net/a.tftest.hcl": 'run "a" {\n  expect_failures = [var.cidr]\n}\n' },
    ],
  ])("%s tests it", (_name, files) => {
    expect(ask(files)).toBe("yes");
  });

  it("says which run of which file does", () => {
    expect(
      askTested("modules/net/main.tf", "terraform", {
        ...NET,
        "tests/a.tftest.hcl": RUN_OF("./modules/net"),
      }),
    ).toEqual({
      tested: "yes",
      testedBy: [{ path: "tests/a.tftest.hcl", reason: 'run "plan" of modules/net' }],
    });
  });

  it.each<[string, Files]>([
    ["no file", {}],
    ["an empty file", { "modules/net/a.tftest.hcl": "" }],
    ["a run that is commented out", { "modules/net/a.tftest.hcl": RUN.replace(/^/gm, "# ") }],
    ["a run in a comment", { "modules/net/a.tftest.hcl": `/*\n${RUN}*/\n` }],
    ["a run in a text", { "modules/net/a.tftest.hcl": `variables {\n  a = <<EOT\n${RUN}EOT\n}\n` }],
    ["a run that asserts nothing", { "modules/net/a.tftest.hcl": 'run "a" {\n  command = plan\n}\n' }],
    [
      "a condition that refers to nothing",
      { "modules/net/a.tftest.hcl": RUN.replace('aws_vpc.a.id != ""', "true") },
    ],
    [
      "a run of a module of a registry",
      { "modules/net/a.tftest.hcl": RUN_OF("terraform-aws-modules/vpc/aws") },
    ],
    ["a source relative to the test's folder", { "modules/x/tests/a.tftest.hcl": RUN_OF("../../net") }],
    ["a test of another module", { "modules/x/main.tf": "", "modules/x/a.tftest.hcl": RUN }],
    [
      "a file deeper than Terraform looks",
      { "modules/net/tests/deep/helper.tf": "", "modules/net/tests/deep/a.tftest.hcl": RUN },
    ],
    [
      "another ending",
      { "modules/net/a.tftest.hcl.txt": RUN, "modules/net/a.TFTEST.hcl": RUN, "modules/net/tftest.hcl": RUN },
    ],
    [
      "a module that is called no time",
      { "main.tf": 'module "net" {\n  source = "./modules/net"\n  count = 0\n}\n', "a.tftest.hcl": RUN },
    ],
    [
      "a call that is commented out",
      { "main.tf": '# module "net" {\n#  source = "./modules/net"\n# }\n', "a.tftest.hcl": RUN },
    ],
    [
      "a module that the test overrides",
      {
        "main.tf": 'module "net" {\n  source = "./modules/net"\n}\n',
        "a.tftest.hcl": `override_module {\n  target = module.net\n}\n${RUN}`,
      },
    ],
    [
      "a module that the run overrides",
      {
        "main.tf": 'module "net" {\n  source = "./modules/net"\n}\n',
        "a.tftest.hcl": RUN.replace("{\n", "{\n  override_module {\n    target = module.net\n  }\n"),
      },
    ],
  ])("%s does not", (_name, files) => {
    expect(ask(files)).toBe("no");
  });

  it.each<[string, Files, (readonly string[])?]>([
    ["a test that cannot be read", { "modules/net/a.tftest.hcl": null }],
    ["a test that is broken", { "modules/net/a.tftest.hcl": `${RUN}run "b" {` }],
    ["a caller that cannot be read", { "main.tf": null, "a.tftest.hcl": RUN }],
    ["a test where only an option looks", { "spec/a.tftest.hcl": RUN }],
    ["tests behind a link", {}, ["modules/net/tests"]],
  ])("%s leaves it open", (_name, files, links) => {
    expect(ask(files, undefined, links)).toBe("unknown");
  });

  it("loads values by their name only, and only where it runs", () => {
    const files = { "modules/net/a.tftest.hcl": RUN };
    expect(ask(files, "modules/net/terraform.tfvars")).toBe("yes");
    expect(ask(files, "modules/net/a.auto.tfvars")).toBe("yes");
    expect(ask(files, "modules/net/prod.tfvars")).toBe("no");
    expect(ask(files, "modules/net/terragrunt.hcl")).toBe("no");
    expect(ask(files, "modules/net/notes.txt")).toBe("no");
  });
});

const GO = (body: string, more = "") =>
  `package test\n\nimport (\n\t"testing"\n\t"github.com/gruntwork-io/terratest/modules/terraform"\n)\n${more}\nfunc TestNet(t *testing.T) {\n${body}\n}\n`;
const APPLY = "\tterraform.InitAndApply(t, options)";
const OPTIONS = (folder: string) =>
  `\toptions := &terraform.Options{\n\t\tTerraformDir: ${folder},\n\t}\n${APPLY}`;

describe("Terratest", () => {
  it.each<[string, string]>([
    ["a folder as it is", GO(OPTIONS('"../modules/net"'))],
    ["a raw text", GO(OPTIONS("`../modules/net/`"))],
    ["a variable", GO(`\tfolder := "../modules/net"\n${OPTIONS("folder")}`)],
    ["a constant", GO(OPTIONS("folder"), 'const folder string = "../modules/net"')],
    [
      "a copy",
      GO(
        `\tfolder := test_structure.CopyTerraformFolderToTemp(t, "..", "modules/net")\n${OPTIONS("folder")}`,
      ),
    ],
    ["a copy at once", GO(OPTIONS('test_structure.CopyTerraformFolderToTemp(t, "../", "modules/net")'))],
    [
      "a skip under a condition",
      GO(`\tif testing.Short() {\n\t\tt.Skip()\n\t}\n${OPTIONS('"../modules/net"')}`),
    ],
    ["a helper", `${GO("\trun(t)")}\nfunc run(t *testing.T) {\n${OPTIONS('"../modules/net"')}\n}\n`],
    ["a backslash at the end of a raw text", GO(`\t_ = \`\\\`\n${OPTIONS('"../modules/net"')}`)],
  ])("points at the module by %s", (_name, text) => {
    expect(ask({ "test/net_test.go": text })).toBe("yes");
  });

  it.each<[string, Files]>([
    ["another folder", { "test/net_test.go": GO(OPTIONS('"../modules/other"')) }],
    [
      "a folder in a comment",
      { "test/net_test.go": GO(`\t/*\n${OPTIONS('"../modules/net"')}\n*/\n${APPLY}`) },
    ],
    [
      "a line that is commented out",
      { "test/net_test.go": GO(OPTIONS('"../modules/net"').replace("\t\tTerra", "\t\t// Terra")) },
    ],
    ["a folder in a text", { "test/net_test.go": GO(`\t_ = \`TerraformDir: "../modules/net",\`\n${APPLY}`) }],
    ["no test", { "test/net_test.go": GO(OPTIONS('"../modules/net"')).replace("TestNet", "Testnet") }],
    [
      "a test that is always skipped",
      { "test/net_test.go": GO(`\tt.Skip("later")\n${OPTIONS('"../modules/net"')}`) },
    ],
    [
      "nothing that runs",
      {
        "test/net_test.go": GO(OPTIONS('"../modules/net"').replace(APPLY, "\tterraform.Destroy(t, options)")),
      },
    ],
    [
      "a file that is never built",
      { "test/net_test.go": `//go:build ignore\n\n${GO(OPTIONS('"../modules/net"'))}` },
    ],
    ["test data", { "test/testdata/net_test.go": GO(OPTIONS('"../../modules/net"')) }],
    ["a file that is no test", { "test/net.go": GO(OPTIONS('"../modules/net"')) }],
    ["no Terratest", { "test/net_test.go": GO(OPTIONS('"../modules/net"')).replace("gruntwork-io", "acme") }],
  ])("does not count with %s", (_name, files) => {
    expect(ask(files)).toBe("no");
  });

  it.each<[string, string | null]>([
    ["a folder that is computed", GO(OPTIONS('fmt.Sprintf("../modules/%s", name)'))],
    [
      "a variable that is set twice",
      GO(`\tfolder := "../a"\n\tfolder = "../modules/net"\n${OPTIONS("folder")}`),
    ],
    ["a file that cannot be read", null],
  ])("leaves it open with %s", (_name, text) => {
    expect(ask({ "test/net_test.go": text })).toBe("unknown");
  });
});
