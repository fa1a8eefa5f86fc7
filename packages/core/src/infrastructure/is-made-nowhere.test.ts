// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "./assess.fixture.ts";

const terraform = (type: string, before: string, after: string) =>
  codesOf("a.tf", block(type, `name = 1\n${before}`), block(type, `name = 1\n${after}`));

describe("a resource that Terraform makes no time any more", () => {
  it.each([
    ["by a number", "aws_flow_log", "count = var.a ? 1 : 0", "count = 0", "audit-off"],
    ["for each of an empty set", "aws_flow_log", "for_each = var.vpcs", "for_each = toset([])", "audit-off"],
    ["for each of an empty map", "aws_flow_log", "for_each = var.vpcs", "for_each = {}", "audit-off"],
    ["by a condition that never holds", "aws_flow_log", "count = 1", "count = false ? 1 : 0", "audit-off"],
    ["a store", "aws_db_instance", "count = 1", "count = 0", "data-store-replaced"],
    ["a guardian", "aws_wafv2_web_acl_association", "x = 1", "count = 0", "protection-off"],
    ["what nobody misses", "aws_iam_user", "count = 1", "count = 0", ""],
  ])("is gone: %s", (_, type, before, after, codes) => {
    expect(terraform(type, before, after)).toBe(codes);
  });

  it("is as dangerous as a new one when it is made again", () => {
    const admin = 'policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"';
    const [off, on] = [`${admin}\ncount = 0`, `${admin}\ncount = 1`];
    expect(terraform("aws_iam_role_policy_attachment", off, on)).toBe("privilege-widened");
  });

  it("is gone for a key that is named no more", () => {
    const keys = (names: string) => `for_each = toset([${names}])`;
    expect(terraform("aws_flow_log", keys('"a", "b"'), keys('"a"'))).toBe("audit-off");
    expect(terraform("aws_flow_log", keys('"a"'), keys('"a", "b"'))).toBe("");
  });

  it("says nothing where only a run knows", () => {
    expect(terraform("aws_flow_log", "count = var.a ? 1 : 0", "count = var.b ? 1 : 0")).toBe("");
    expect(terraform("aws_flow_log", "for_each = toset(var.a)", "for_each = toset(var.b)")).toBe("");
  });
});
