// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, block, codesOf, summarize } from "./assess.fixture.ts";

const policy = (resource: string) =>
  block(
    "aws_iam_policy",
    `policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = ${resource} }] })`,
  );
const template = (resource: string) =>
  `Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - { Effect: Allow, Action: "s3:GetObject", Resource: ${resource} }\n`;

describe("the same, written by another function", () => {
  it.each([
    [`"\${aws_s3_bucket.b.arn}/*"`, 'format("%s/*", aws_s3_bucket.b.arn)', ""],
    [`"\${aws_s3_bucket.b.arn}/*"`, 'join("/", [aws_s3_bucket.b.arn, "*"])', ""],
    [`"\${aws_s3_bucket.b.arn}"`, "aws_s3_bucket.b.arn", ""],
    [`"\${aws_s3_bucket.b.arn}/a"`, 'format("%s/*", aws_s3_bucket.b.arn)', "privilege-widened"],
  ])("of Terraform: %s and %s", (before, after, codes) => {
    expect(codesOf("a.tf", policy(before), policy(after))).toBe(codes);
  });

  it.each([
    ['!Join ["", ["arn:aws:s3:::", !Ref B, "/*"]]', `!Sub "arn:aws:s3:::\${B}/*"`, ""],
    ['!Join ["/", [!GetAtt B.Arn, "*"]]', `!Sub "\${B.Arn}/*"`, ""],
    [`!Sub "\${B.Arn}"`, "!GetAtt B.Arn", ""],
    [`!Sub "arn:aws:s3:::\${B}/a"`, '!Join ["", ["arn:aws:s3:::", !Ref B, "/*"]]', "privilege-widened"],
  ])("of CloudFormation: %s and %s", (before, after, codes) => {
    expect(codesOf("a.yaml", template(before), template(after))).toBe(codes);
  });

  it("is touched all the same", () => {
    const [before, after] = [template(`!Sub "\${B.Arn}"`), template("!GetAtt B.Arn")];
    expect(summarize(assessFile("a.yaml", before, after))).toEqual(["update AWS::IAM::ManagedPolicy.P iam:"]);
  });
});
