// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, summarize } from "./assess.fixture.ts";

const script = (action: string) => `import * as aws from "@pulumi/aws";
// new aws.iam.Policy("commented", {})
const policy = new aws.iam.Policy("worker", {
  policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: ${action}, Resource: '*' }] }),
});
`;
const python = (cidr: string) => `import pulumi
import pulumi_aws as aws

group = aws.ec2.SecurityGroup("admin", ingress=[
    aws.ec2.SecurityGroupIngressArgs(protocol="tcp", from_port=22, to_port=22, cidr_blocks=["${cidr}"]),
])
`;
const go = (count: number) => `package main
import "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ecs"
func main() {
	ecs.NewService(ctx, "api", &ecs.ServiceArgs{
		DesiredCount: pulumi.Int(${count}),
		Subnets: pulumi.StringArray{pulumi.String("a"), pulumi.String("b")},
	})
}
`;

describe("a Pulumi program", () => {
  it.each([
    [
      "a.ts",
      script('["s3:Get*"]'),
      script('"*"'),
      "update aws.iam.Policy.worker iam: wildcard-action, privilege-widened",
    ],
    [
      "__main__.py",
      python("10.0.0.0/8"),
      python("0.0.0.0/0"),
      "update aws.ec2.SecurityGroup.admin network: cidr-opened",
    ],
    ["main.go", go(4), go(1), "update ecs.Service.api compute: capacity-removed"],
  ])("in %s says which resource is touched, and why it is dangerous", (path, before, after, expected) => {
    expect(summarize(assessFile(path, before, after))).toEqual([expected]);
    expect(assessFile(path, before, `${before}\n\n`).resources).toEqual([]);
  });

  it("loses no statement that constructs nothing", () => {
    const { resources } = assessFile("a.ts", script('"*"'), `${script('"*"')}policy.grant(everybody);\n`);
    expect(resources).toMatchObject([{ type: "program", name: "a", action: "update", lines: [[6, 6]] }]);
    expect(assessFile("plain.ts", null, 'new aws.iam.Policy("x", {});\n').resources).toEqual([]);
  });

  it.each([
    ["texts", '"\\'.repeat(50_000)],
    ["comments", "/*".repeat(50_000)],
    ["constructors", 'new aws.A("x", {'.repeat(2000)],
    ["templates", "`a".repeat(50_001)],
  ])("whose %s have no end costs little", (_, text) => {
    for (const path of ["a.ts", "a.py", "a.go"]) {
      const before = process.cpuUsage();
      assessFile(path, null, `import pulumi\n// github.com/pulumi/pulumi from "@pulumi/aws"\n${text}`);
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(10_000);
    }
  });
});
