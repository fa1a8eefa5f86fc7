// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, reasonsOf, summarize } from "./assess.fixture.ts";
import { assessChange } from "./assess-change.ts";

const policy = (action: string, resource = "arn:aws:s3:::reports/*") => `resource "aws_iam_policy" "admin" {
  name = "admin"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ${action}
      Resource = "${resource}"
    }]
  })
}
`;

describe("what a Terraform change touches", () => {
  it("names the resource, its category, the attribute, the lines, and why it is dangerous", () => {
    const { resources, unparsed } = assessFile("iam.tf", policy('["s3:GetObject"]'), policy('"*"', "*"));
    expect(unparsed).toEqual([]);
    expect(resources).toMatchObject([
      {
        kind: "terraform",
        type: "aws_iam_policy",
        name: "admin",
        category: "iam",
        action: "update",
        attributes: ["policy"],
        lines: [[7, 8]],
        dangers: [
          { code: "wildcard-action", reason: "allows *" },
          { code: "privilege-widened", reason: "newly allows * on *" },
        ],
      },
    ]);
  });

  it("says nothing of layout, comments and a narrower privilege", () => {
    expect(
      assessFile("iam.tf", policy('"s3:Get*"'), `# why\n${policy('"s3:Get*"').replaceAll("  ", "\t")}`)
        .resources,
    ).toEqual([]);
    expect(summarize(assessFile("iam.tf", policy('"s3:*"', "*"), policy('"s3:GetObject"')))).toEqual([
      "update aws_iam_policy.admin iam:",
    ]);
  });

  it.each([
    [
      "a Deny that is gone",
      'statement {\n  effect = "Deny"\n  actions = ["*"]\n  resources = ["*"]\n}\n',
      "",
      "privilege-widened: no longer denies * on *",
    ],
    [
      "a condition that is gone",
      'statement {\n  actions = ["s3:Get"]\n  resources = ["*"]\n  condition {\n    test = "Bool"\n    variable = "aws:MultiFactorAuthPresent"\n    values = ["true"]\n  }\n}\n',
      'statement {\n  actions = ["s3:Get"]\n  resources = ["*"]\n}\n',
      "privilege-widened: newly allows s3:get on *",
    ],
    [
      "a principal of everybody",
      'statement {\n  actions = ["sts:AssumeRole"]\n  principals {\n    type = "AWS"\n    identifiers = ["arn:aws:iam::1:root"]\n  }\n}\n',
      'statement {\n  actions = ["sts:AssumeRole"]\n  principals {\n    type = "AWS"\n    identifiers = ["*"]\n  }\n}\n',
      "wildcard-principal: lets in everybody: *",
    ],
  ])("finds %s", (_, before, after, reason) => {
    const document = (body: string) => `data "aws_iam_policy_document" "d" {\n${body}}\n`;
    expect(reasonsOf(assessFile("d.tf", document(before), document(after)))).toContain(reason);
  });

  it("tells an ingress from an egress, and a new port of the internet from a new description", () => {
    const group = (body: string) =>
      `resource "aws_security_group" "web" {\n  ingress {\n${body}    protocol = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n  egress {\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n`;
    const old = group("    from_port = 443\n    to_port = 443\n");
    expect(
      summarize(assessFile("sg.tf", old, old.replace("ingress {", 'ingress {\n    description = "x"'))),
    ).toEqual(["update aws_security_group.web network:"]);
    expect(reasonsOf(assessFile("sg.tf", old, group("    from_port = 0\n    to_port = 65535\n")))).toEqual([
      "cidr-opened: lets in the internet: 0.0.0.0/0 from_port 0 to_port 65535 protocol tcp",
    ]);
  });

  it("knows the internet in halves, and a network that swallows the one that was named", () => {
    const rule = (cidr: string) =>
      `resource "aws_vpc_security_group_ingress_rule" "r" {\n  cidr_ipv4 = "${cidr}"\n}\n`;
    expect(reasonsOf(assessFile("r.tf", null, rule("128.0.0.0/1")))).toEqual([
      "cidr-opened: lets in the internet: 128.0.0.0/1",
    ]);
    expect(reasonsOf(assessFile("r.tf", rule("10.1.0.0/16"), rule("10.0.0.0/8")))).toEqual([
      "cidr-opened: lets in a wider network: 10.1.0.0/16 → 10.0.0.0/8",
    ]);
    expect(reasonsOf(assessFile("r.tf", rule("10.0.0.0/8"), rule("10.1.0.0/16")))).toEqual([]);
  });

  it("sees a store that must be made anew, and one that is deleted", () => {
    const store = (extra: string) =>
      `resource "aws_db_instance" "main" {\n  engine = "postgres"\n  ${extra}\n}\n`;
    const replaced = assessFile(
      "db.tf",
      store("storage_encrypted = false"),
      store("storage_encrypted = true"),
    );
    expect(summarize(replaced)).toEqual(["replace aws_db_instance.main data: data-store-replaced"]);
    expect(reasonsOf(assessFile("db.tf", store(""), null))).toEqual([
      "data-store-replaced: the data store is deleted, and its data with it",
    ]);
  });

  it("counts what is only taken out, and says where it stood", () => {
    const before = 'resource "aws_db_instance" "main" {\n  a = 1\n  deletion_protection = true\n  b = 2\n}\n';
    const { resources } = assessFile("db.tf", before, before.replace("  deletion_protection = true\n", ""));
    expect(resources).toMatchObject([
      { lines: [[3, 3]], addedLines: [], removedLines: 1, dangers: [{ code: "protection-off" }] },
    ]);
  });

  it("counts what goes while its neighbours are aligned anew", () => {
    const before =
      'resource "aws_iam_role" "r" {\n  name                 = "r"\n  permissions_boundary = b\n}\n';
    const { resources } = assessFile("iam.tf", before, 'resource "aws_iam_role" "r" {\n  name = "r"\n}\n');
    expect(resources).toMatchObject([
      { lines: [[2, 2]], addedLines: [2], removedLines: 1, dangers: [{ code: "privilege-widened" }] },
    ]);
  });

  it("follows a moved block, and calls it two resources without one", () => {
    const bucket = (name: string) => `resource "aws_s3_bucket" "${name}" {\n  bucket = "b"\n}\n`;
    const moved = `${bucket("logs")}moved {\n  from = aws_s3_bucket.log\n  to   = aws_s3_bucket.logs\n}\n`;
    expect(summarize(assessFile("b.tf", bucket("log"), moved))).toEqual(["rename aws_s3_bucket.logs data:"]);
    expect(summarize(assessFile("b.tf", bucket("log"), bucket("logs")))).toEqual([
      "create aws_s3_bucket.logs data:",
      "delete aws_s3_bucket.log data: data-store-replaced",
    ]);
  });

  it("reads JSON, values files and modules alike", () => {
    const json = (cidr: string) =>
      JSON.stringify(
        { resource: { aws_security_group: { a: { ingress: [{ cidr_blocks: [cidr] }] } } } },
        null,
        1,
      );
    expect(summarize(assessFile("a.tf.json", json("10.0.0.0/8"), json("::/0")))).toEqual([
      "update aws_security_group.a network: cidr-opened",
    ]);
    expect(
      summarize(assessFile("prod.tfvars", "allowed_cidrs = []\n", 'allowed_cidrs = ["0.0.0.0/0"]\n')),
    ).toEqual(["update variable.allowed_cidrs network: cidr-opened"]);
    expect(
      summarize(
        assessFile("m.tf", 'module "db" {\n  multi_az = true\n}\n', 'module "db" {\n  multi_az = false\n}\n'),
      ),
    ).toEqual(["update module.db data: capacity-removed"]);
  });
});

describe("what is not as it seems (T40, T41)", () => {
  const rule = 'resource "aws_network_acl" "main" {\n  vpc_id = "v"\n}\n';
  const move = (from: string, to: string, text = rule) =>
    assessChange([
      { path: from, before: { path: from, text: rule }, after: null },
      { path: to, before: null, after: { path: to, text } },
    ]);

  it("T40 classifies both sides of a rename", () => {
    expect(move("infra/net.tf", "infra/network.tf").resources).toMatchObject([
      {
        action: "rename",
        path: "infra/network.tf",
        oldPath: "infra/net.tf",
        name: "main",
        lines: [[1, 3]],
        dangers: [],
      },
    ]);
  });

  it("T40 says that a resource is taken away by a name that Terraform does not read", () => {
    const trail = rule.replace("aws_network_acl", "aws_cloudtrail");
    const { resources, unparsed } = assessChange([
      { path: "infra/trail.tf", before: { path: "infra/trail.tf", text: trail }, after: null },
      { path: "notes.txt", before: null, after: { path: "notes.txt", text: trail } },
    ]);
    expect(resources).toMatchObject([{ action: "rename", path: "notes.txt", oldPath: "infra/trail.tf" }]);
    expect(reasonsOf({ resources, unparsed })).toEqual([
      'audit-off: what records events is taken away (nothing that applies terraform reads "notes.txt")',
    ]);
    expect(unparsed).toEqual([
      {
        path: "notes.txt",
        reason: "Terraform under a name by which nothing applies it; another file may read it",
      },
    ]);
  });

  it("T41 finds HCL under any name, and leaves prose that quotes it alone", () => {
    expect(summarize(assessFile("app.txt", null, rule))).toEqual(["create aws_network_acl.main network:"]);
    expect(assessFile("README.md", null, `# How\n\n\`\`\`hcl\n${rule}\`\`\`\n`)).toEqual({
      resources: [],
      unparsed: [],
    });
    expect(summarize(assessFile("sneaky.md", null, rule))).toEqual(["create aws_network_acl.main network:"]);
  });

  it("keeps what it understands of a broken file, and says what it does not", () => {
    const { resources, unparsed } = assessFile("a.tf", null, `${rule}resource "x" "y" {\n  a = = 3\n`);
    expect(resources.map(({ name }) => name)).toEqual(["main", "y"]);
    expect(unparsed).toEqual([
      { path: "a.tf", reason: "Terraform that is not understood: line 5: a value is missing (and 2 more)" },
    ]);
  });

  it("names the limit of what is too large to be read", () => {
    const { unparsed } = assessFile("a.tf", null, `# ${"x".repeat(1_000_000)}`);
    expect(unparsed).toEqual([
      { path: "a.tf", reason: "Terraform of 1000002 characters; at most 1000000 are read" },
    ]);
  });
});
