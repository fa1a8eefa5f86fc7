// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, block, codesOf, summarize } from "./assess.fixture.ts";

const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const allow = (more: object) =>
  policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*", ...more });
const deny = (more: object) => policy({ Effect: "Deny", Action: "*", Resource: "*", ...more });
const when = (operator: string, key: string, value: unknown) => ({
  Condition: { [operator]: { [key]: value } },
});

describe("what an Allow asks for", () => {
  it.each([
    [
      "more exceptions allow less",
      allow({ Action: undefined, NotAction: ["iam:*"] }),
      allow({ Action: undefined, NotAction: ["IAM:*", "sso:*"] }),
      "",
    ],
    [
      "fewer exceptions allow more",
      allow({ Action: undefined, NotAction: ["iam:*", "sso:*"] }),
      allow({ Action: undefined, NotAction: ["iam:*"] }),
      "privilege-widened",
    ],
    ["one of what was no exception", allow({ Action: undefined, NotAction: ["iam:*"] }), allow({}), ""],
    [
      "one of the exceptions",
      allow({ Action: undefined, NotAction: ["iam:*"] }),
      allow({ Action: "iam:PassRole" }),
      "privilege-widened",
    ],
    [
      "a text instead of a pattern",
      allow(when("StringLike", "aws:a", "x*")),
      allow(when("StringEquals", "aws:a", "xy")),
      "",
    ],
    [
      "a pattern instead of a text",
      allow(when("StringEquals", "aws:a", "xy")),
      allow(when("StringLike", "aws:a", "x*")),
      "privilege-widened",
    ],
    [
      "asked for only where it is there",
      allow(when("StringEquals", "aws:a", "x")),
      allow(when("StringEqualsIfExists", "aws:a", "x")),
      "privilege-widened",
    ],
    [
      "a smaller network",
      allow(when("IpAddress", "aws:SourceIp", "10.0.0.0/8")),
      allow(when("IpAddress", "aws:SourceIp", "10.1.0.0/16")),
      "",
    ],
    [
      "a shorter login",
      allow(when("NumericLessThan", "aws:MultiFactorAuthAge", "7200")),
      allow(when("NumericLessThan", "aws:MultiFactorAuthAge", "600")),
      "",
    ],
    [
      "a longer login",
      allow(when("NumericLessThan", "aws:MultiFactorAuthAge", "600")),
      allow(when("NumericLessThan", "aws:MultiFactorAuthAge", "7200")),
      "privilege-widened",
    ],
    [
      "more that it must not be",
      allow(when("StringNotEquals", "aws:a", ["x"])),
      allow(when("StringNotEquals", "aws:a", ["x", "y"])),
      "",
    ],
    [
      "less that it must not be",
      allow(when("StringNotEquals", "aws:a", ["x", "y"])),
      allow(when("StringNotEquals", "aws:a", ["x"])),
      "privilege-widened",
    ],
    [
      "a Deny of more",
      deny(when("StringEquals", "aws:a", ["x"])),
      deny(when("StringEquals", "aws:a", ["x", "y"])),
      "",
    ],
    [
      "a Deny of less",
      deny(when("StringEquals", "aws:a", ["x", "y"])),
      deny(when("StringEquals", "aws:a", ["x"])),
      "privilege-widened",
    ],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("p.json", before, after)).toBe(codes);
  });

  it("in Terraform's blocks as well", () => {
    const text = (test: string, value: string) =>
      `data "aws_iam_policy_document" "a" {\n statement {\n actions = ["sts:AssumeRole"]\n resources = ["*"]\n condition {\n test = "${test}"\n variable = "aws:sub"\n values = ["${value}"]\n }\n }\n}`;
    expect(codesOf("a.tf", text("StringLike", "repo:a/*"), text("StringEquals", "repo:a/b"))).toBe("");
    expect(codesOf("a.tf", text("StringEquals", "repo:a/b"), text("StringLike", "repo:a/*"))).toBe(
      "privilege-widened",
    );
  });
});

describe("what changes nothing", () => {
  it("the order of attributes, of keys, and the two forms of a function", () => {
    expect(
      summarize(
        assessFile(
          "a.tf",
          block("aws_s3_bucket", 'tags = { a = 1, b = 2 }\n bucket = "x"'),
          block("aws_s3_bucket", 'bucket = "x"\n tags = { b = 2, a = 1 }'),
        ),
      ),
    ).toEqual([]);
    const queue = (key: string) =>
      `Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      KmsMasterKeyId: ${key}\n`;
    for (const [short, long] of [
      ["!Ref K", "{ Ref: K }"],
      ["!GetAtt K.Arn", '{ "Fn::GetAtt": [K, Arn] }'],
      ["!GetAtt K.Arn", "!GetAtt [K, Arn]"],
      [`!Sub a-\${K}`, `{ "Fn::Sub": "a-\${K}" }`],
      ["!Join [a, [!Ref K, c]]", '{ "Fn::Join": [a, [{ Ref: K }, c]] }'],
    ] as const)
      expect(summarize(assessFile("q.yaml", queue(short), queue(long)))).toEqual([]);
    expect(summarize(assessFile("q.yaml", queue("!Ref K"), queue("{ Ref: L }")))).toHaveLength(1);
  });

  it("the order of a Dockerfile's instructions does", () => {
    expect(
      summarize(assessFile("Dockerfile", "FROM a:1\nRUN x\nUSER 1\n", "FROM a:1\nUSER 1\nRUN x\n")),
    ).toHaveLength(1);
  });
});

describe("what the state says", () => {
  const bucket = (name: string, body: string) => `resource "aws_s3_bucket" "${name}" {\n ${body}\n}\n`;
  const moved = (from: string, to: string) =>
    `moved {\n from = aws_s3_bucket.${from}\n to = aws_s3_bucket.${to}\n}\n`;

  it("what is moved into for_each is no other bucket", () => {
    const before = bucket("a", 'bucket = "x-a"') + bucket("b", 'bucket = "x-b"');
    const after = `${bucket("this", `for_each = toset(["a", "b"])\n bucket = "x-\${each.key}"`)}${moved("a", 'this["a"]')}${moved("b", 'this["b"]')}`;
    expect(summarize(assessFile("a.tf", before, after))).toEqual(["update aws_s3_bucket.this data:"]);
  });

  it("what is forgotten is not destroyed, and what is not forgotten is", () => {
    const removed = (destroy: boolean) =>
      `removed {\n from = aws_s3_bucket.a\n lifecycle {\n destroy = ${destroy}\n }\n}\n`;
    expect(summarize(assessFile("a.tf", bucket("a", ""), removed(false)))).toEqual([
      "delete aws_s3_bucket.a data:",
    ]);
    expect(summarize(assessFile("a.tf", bucket("a", ""), removed(true)))).toContain(
      "delete aws_s3_bucket.a data: data-store-replaced",
    );
    expect(summarize(assessFile("a.tf", null, removed(false)))).toEqual([
      "create removed.aws_s3_bucket.a data:",
    ]);
  });
});

describe("whose user an image has", () => {
  it.each([
    [
      "root in a stage that builds",
      "FROM a:1 AS b\nFROM c:1\nUSER 1\n",
      "FROM a:1 AS b\nUSER root\nFROM c:1\nUSER 1\n",
      "",
    ],
    [
      "root in the stage that it is made from",
      "FROM a:1 AS b\nUSER 1\nFROM b\n",
      "FROM a:1 AS b\nUSER 0\nFROM b\n",
      "isolation-lost",
    ],
    ["root at last", "FROM a:1\nUSER app\n", "FROM a:1\nUSER app\nUSER root\n", "isolation-lost"],
    ["root in between", "FROM a:1\nUSER app\n", "FROM a:1\nUSER root\nRUN x\nUSER app\n", ""],
    ["none any more", "FROM a:1\nUSER app\n", "FROM a:1\n", "isolation-lost"],
    [
      "a base without a user of its own",
      "FROM gcr.io/distroless/static:nonroot\n",
      "FROM gcr.io/distroless/static:1\n",
      "isolation-lost",
    ],
    ["a base with one", "FROM a:1\n", "FROM nginxinc/nginx-unprivileged:1\n", ""],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("Dockerfile", before, after)).toBe(codes);
  });
});

describe("words that are something elsewhere", () => {
  it("a tag is no script and no switch, owners of a group publish nothing", () => {
    const tag = (key: string, value: string) =>
      block("aws_autoscaling_group", `tag {\n key = "${key}"\n value = "${value}"\n}`);
    expect(codesOf("a.tf", tag("env", "true"), tag("backup", "true"))).toBe("");
    expect(codesOf("a.tf", tag("backup", "true"), tag("backup", "false"))).toBe("");
    const group = (owner: string) => block("azuread_group", `owners = ["${owner}"]`);
    expect(codesOf("a.tf", group("a"), group("b"))).toBe("");
    const image = (owner: string) => `data "aws_ami" "a" {\n owners = ["${owner}"]\n}\n`;
    expect(codesOf("a.tf", image("amazon"), image("123456789012"))).toBe("untrusted-code");
  });
});
