// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, block, codesOf, summarize } from "./assess.fixture.ts";

describe("shapes of Terraform", () => {
  const dynamic = (name: string, cidr: string) =>
    block(
      "aws_security_group",
      `dynamic "${name}" {\n for_each = var.ports\n content {\n from_port = ingress.value\n cidr_blocks = ["${cidr}"]\n }\n }`,
    );

  it("a dynamic block is the block that it makes", () => {
    expect(codesOf("a.tf", dynamic("ingress", "10.0.0.0/8"), dynamic("ingress", "0.0.0.0/0"))).toBe(
      "cidr-opened",
    );
    expect(codesOf("a.tf", dynamic("egress", "10.0.0.0/8"), dynamic("egress", "0.0.0.0/0"))).toBe("");
  });

  it("in JSON too, nested", () => {
    const text = (on: boolean) =>
      JSON.stringify({
        resource: {
          azurerm_storage_account: {
            a: {
              blob_properties: [
                { dynamic: { delete_policy: { for_each: "x", content: { versioning_enabled: on } } } },
              ],
            },
          },
        },
      });
    expect(codesOf("a.tf.json", text(true), text(false))).toBe("protection-off");
  });

  it.each([
    [
      "a merged object",
      "settings = merge(local.a, { encrypted = true })",
      "settings = merge(local.a, { encrypted = false })",
      "protection-off",
    ],
    [
      "a branch of a condition",
      "publicly_accessible = false",
      "publicly_accessible = var.open ? true : false",
      "isolation-lost",
    ],
    [
      "a range in a condition",
      'ingress { cidr_blocks = ["10.0.0.0/8"] }',
      'ingress { cidr_blocks = var.open ? ["0.0.0.0/0"] : [] }',
      "cidr-opened",
    ],
    [
      "a range in concat",
      'ingress { cidr_blocks = concat(var.a, ["10.0.0.0/8"]) }',
      'ingress { cidr_blocks = concat(var.a, ["0.0.0.0/0"]) }',
      "cidr-opened",
    ],
    [
      "a policy in a heredoc of another",
      'policy = <<-EOT\n    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}\n  EOT',
      'policy = <<-EOT\n    {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}\n  EOT',
      "privilege-widened wildcard-action",
    ],
    [
      "a switch that the provider renamed",
      "enable_rbac_authorization = true",
      "rbac_authorization_enabled = true",
      "",
    ],
    [
      "a switch that is renamed and turned",
      "enable_rbac_authorization = true",
      "rbac_authorization_enabled = false",
      "protection-off",
    ],
    ["line ends", 'a = "b"\r\n', 'a = "b"\n', ""],
  ])("%s", (_what, before, after, expected) => {
    expect(codesOf("a.tf", block("some_thing", before), block("some_thing", after))).toBe(expected);
  });

  it("a module's inputs are read as what they are called", () => {
    const module = (value: boolean) =>
      `module "rds" {\n  source = "./rds"\n  deletion_protection = ${value}\n}\n`;
    expect(codesOf("a.tf", module(true), module(false))).toBe("protection-off");
  });

  it("Terragrunt's inputs are variables", () => {
    const inputs = (cidr: string) => `inputs = {\n  allowed_cidrs = ["${cidr}"]\n  x = 1\n}\n`;
    expect(summarize(assessFile("live/terragrunt.hcl", inputs("10.0.0.0/8"), inputs("0.0.0.0/0")))).toEqual([
      "update variable.allowed_cidrs network: cidr-opened",
    ]);
  });

  it("Terragrunt's source is a module's", () => {
    const source = (ref: string) =>
      `terraform {\n  source = "git::https://a.example/b.git//c?ref=${ref}"\n}\n`;
    expect(codesOf("live/terragrunt.hcl", source("v1.0.0"), source("main"))).toBe("untrusted-code");
  });
});

describe("shapes of YAML", () => {
  const merged = (value: boolean) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: a, annotations: &x { b: c } }\nspec:\n  x: &d { hostNetwork: ${value} }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: b }\nspec:\n  <<: { hostNetwork: ${value} }\n  hostPID: false\n`;

  it("merge keys put in what they name", () => {
    expect(summarize(assessFile("a.yaml", merged(false), merged(true)))).toEqual([
      "update Pod.a compute: isolation-lost",
      "update Pod.b compute: isolation-lost",
    ]);
  });

  it("what a map says itself decides over what is merged", () => {
    const job = (merge: boolean) =>
      `x: &a { privileged: ${merge} }\nservices:\n  a:\n    <<: *a\n    privileged: false\n`;
    const { resources } = assessFile("values.yaml", job(false), job(true));
    expect(resources.map(({ name }) => name)).toEqual(["x"]);
  });

  it("what merges no map stays as it is written", () => {
    const { resources } = assessFile("values.yaml", "a: { <<: 1, b: 1 }\n", "a: { <<: 2, b: 1 }\n");
    expect(resources).toHaveLength(1);
  });

  it("a loop of CloudFormation is its resources", () => {
    const loop = (on: boolean) =>
      `Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Buckets:\n    - Name\n    - [a, b]\n    - B:\n        Type: AWS::S3::Bucket\n        Properties: { VersioningConfiguration: { Status: ${on ? "Enabled" : "Suspended"} } }\n`;
    expect(summarize(assessFile("a.yaml", loop(true), loop(false)))).toEqual([
      "update AWS::S3::Bucket.B data: protection-off",
    ]);
    expect(summarize(assessFile("a.yaml", loop(true), loop(true).replace("[a, b]", "[a]")))).toHaveLength(1);
  });

  it.each([
    ["short tags", "!If [Open, 0.0.0.0/0, 10.0.0.0/8]"],
    ["long ones", "{ 'Fn::If': [Open, 0.0.0.0/0, 10.0.0.0/8] }"],
  ])("a condition of CloudFormation in %s", (_what, range) => {
    const group = (cidr: string) =>
      `Resources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      SecurityGroupIngress: [{ IpProtocol: tcp, CidrIp: ${cidr} }]\n`;
    expect(codesOf("a.yaml", group("10.0.0.0/8"), group(range))).toBe("cidr-opened");
  });
});

describe("what cannot be read", () => {
  it.each([
    ["charts/a/templates/a.yaml", "apiVersion: v1\nkind: Pod\nspec: {{ if }}\n  a: b\n  - c\n"],
    ["a.tf", 'resource "a" "b" {\n  c = [\n'],
    ["policy.json", '{ "Statement": [{ "Effect": "Allow", "Action": "*" '],
    [".github/workflows/a.yml", "on: push\njobs:\n  a: [\n"],
    ["Dockerfile", "FROM a:1\nNONSENSE\n"],
  ])("counts as infrastructure with the reason: %s", (path, text) => {
    const { unparsed } = assessFile(path, "", text);
    expect(unparsed).toHaveLength(1);
  });

  it("a policy with comments is understood, or said not to be", () => {
    const { resources, unparsed } = assessFile(
      "policy.json",
      null,
      '{\n  // all of it\n  "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }]\n}\n',
    );
    const dangers = resources.flatMap((each) => each.dangers);
    expect(dangers.length > 0 || unparsed.length > 0).toBe(true);
  });
});

describe("what only looks like a danger", () => {
  const local = (name: string, value: string) => `locals {\n  ${name} = ${value}\n}\n`;
  const variable = (name: string, rest: string) => `variable "${name}" {\n  ${rest}\n}\n`;

  it.each([
    [
      "a validation of a variable",
      variable("dns_name", "validation {\n condition = 1\n }"),
      variable("dns_name", "validation {\n condition = 2\n }"),
    ],
    ["a variable of a domain that is gone", variable("live_domain", "type = string"), ""],
    ["a record more in a list", local("dns_records", '["a"]'), local("dns_records", '["a", "b"]')],
    [
      "a switch of a module that is another",
      'module "search_domain" {\n  create_endpoint = false\n}\n',
      'module "search_domain" {\n  create_endpoint = true\n}\n',
    ],
    ["a firewall rule of a database", block("azurerm_postgresql_firewall_rule", 'name = "a"'), ""],
    ["a module that is gone", 'module "a" {\n  source = "a/b/c"\n  version = "~> 6.0"\n}\n', ""],
    [
      "a count that was computed",
      block("aws_instance", "count = var.a ? 1 : 0"),
      block("aws_instance", "count = var.b ? 1 : 0"),
    ],
  ])("%s", (_what, before, after) => {
    const rest = block("aws_eip", "x = 1");
    expect(codesOf("a.tf", rest + before, rest + after)).toBe("");
  });

  it("a condition and a mapping of a template", () => {
    const template = (condition: string, image: string) =>
      `Mappings:\n  RegionMap: { eu: { ami: ${image} } }\nResources:\n  Route:\n    Type: AWS::EC2::Route\n    Condition: ${condition}\n    Properties: { RouteTableId: a, DestinationCidrBlock: 10.0.0.0/8 }\n`;
    expect(codesOf("a.yaml", template("A", "ami-1"), template("B", "ami-2"))).toBe("");
  });

  it("a module that is new and lacks what it may have", () => {
    expect(codesOf("a.tf", null, 'module "b" {\n  source = "./b"\n  disable_logging = true\n}\n')).toBe("");
    expect(codesOf("a.tf", null, variable("force_destroy", "default = true"))).toBe("");
  });

  it("and an index of an expression hides nothing", () => {
    const rule = (group: string) =>
      block("aws_lb_listener_rule", `action { target_group_arn = aws_lb_target_group.${group}[0].arn }`);
    expect(codesOf("a.tf", rule("a"), rule("b"))).toBe("route-changed");
  });
});
