// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf, summarize } from "./assess.fixture.ts";
import { assessChange } from "./assess-change.ts";

const database = (line: string) => block("aws_db_instance", line);
const cloud = (line: string) =>
  `Resources:\n  D:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      Engine: postgres\n      ${line}\n`;

describe("what hangs on a condition", () => {
  it.each([
    ["on in one branch, and off", "var.p ? true : false", "false", "capacity-removed"],
    ["off in both", "var.p ? true : false", "var.p ? false : false", "capacity-removed"],
    ["on in the other branch of another condition", "var.p ? true : false", "var.d ? false : true", ""],
    ["on in both", "var.p ? true : false", "true", ""],
    ["as it was, and one branch of it written out", "var.p ? true : false", "var.p ? true : false", ""],
  ])("%s in Terraform", (_, before, after, codes) => {
    expect(codesOf("a.tf", database(`multi_az = ${before}`), database(`multi_az = ${after}`))).toBe(codes);
  });

  it.each([
    ["less in the first branch", "!If [P, 30, 1]", "!If [P, 3, 1]", "protection-off"],
    ["less in the second branch", "!If [P, 30, 9]", "!If [P, 30, 1]", "protection-off"],
    ["more in both", "!If [P, 30, 1]", "!If [P, 31, 2]", ""],
    ["turned with its condition", "!If [P, 30, 1]", "!If [NotP, 1, 30]", ""],
  ])("%s in CloudFormation", (_, before, after, codes) => {
    const line = (value: string) => `BackupRetentionPeriod: ${value}`;
    expect(codesOf("c.yaml", cloud(line(before)), cloud(line(after)))).toBe(codes);
  });

  it("what is made no time under either is told as gone, once", () => {
    const log = (count: string) => block("aws_flow_log", `count = ${count}\n vpc_id = "a"`);
    expect(codesOf("a.tf", log("var.p ? 1 : 0"), log("0"))).toBe("audit-off");
  });
});

describe("what is known whatever else is", () => {
  const trail = (value: string) => block("aws_cloudtrail", `enable_logging = ${value}`);
  it.each([
    ["false and whatever", "var.on", "false && var.on", "audit-off"],
    ["whatever and false", "var.on", "var.on && false", "audit-off"],
    ["false or what somebody says", "var.on", "false || var.on", ""],
    ["true and what somebody says", "var.on", "true && var.on", ""],
    ["off, where somebody could say", "var.on", "false", "audit-off"],
    ["on, where somebody could say", "var.on", "true", ""],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.tf", trail(before), trail(after))).toBe(codes);
  });
});

describe("what is handed over", () => {
  it("the last of merged maps takes back what those before it say", () => {
    const locals = (map: string) => `locals {\n  alb = merge(local.defaults, ${map})\n}\n`;
    const before = locals("{ idle_timeout = 60 }");
    expect(codesOf("a.tf", before, locals("{ idle_timeout = 60, deletion_protection = false }"))).toBe(
      "protection-off",
    );
    expect(codesOf("a.tf", before, locals("{ idle_timeout = 60, deletion_protection = true }"))).toBe("");
  });

  it("what stands beside a map that is merged is not in it", () => {
    const lb = (line: string) => block("aws_lb", `tags = merge(var.tags, { a = "b" })\n ${line}`);
    expect(codesOf("a.tf", lb(""), lb("enable_deletion_protection = false"))).toBe("");
  });

  it("a chart's values one by one", () => {
    const release = (count: number) =>
      block("helm_release", `chart = "a"\n set = [{ name = "controller.replicaCount", value = "${count}" }]`);
    expect(codesOf("a.tf", release(3), release(1))).toBe("capacity-removed");
    expect(codesOf("a.tf", release(1), release(3))).toBe("");
  });

  it("a stack's configuration, whosever it is", () => {
    const side = (path: string, text: string) => ({ path, text });
    const project = side("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    const stack = (replicas: number) => side("Pulumi.prod.yaml", `config:\n  shop:replicas: ${replicas}\n`);
    const summary = summarize(
      assessChange([
        { path: project.path, before: project, after: project },
        { path: "Pulumi.prod.yaml", before: stack(6), after: stack(1) },
      ]),
    );
    expect(summary).toEqual(["update config.shop:replicas compute: capacity-removed"]);
  });
});
