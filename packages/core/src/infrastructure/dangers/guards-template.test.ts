// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { codesOf } from "../assess.fixture.ts";

const template = (type: string, properties: string, around = "") =>
  `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  A:\n    Type: ${type}\n${around === "" ? "" : `    ${around}\n`}    Properties:\n      X: y\n${properties === "" ? "" : `      ${properties}\n`}`;
const P = "protection-off";
type Row = readonly [type: string, before: string, after: string, codes: string];

const ROWS: readonly Row[] = [
  [
    "AWS::S3::Bucket",
    "BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true }] }",
    "",
    P,
  ],
  [
    "AWS::S3::Bucket",
    "VersioningConfiguration: { Status: Enabled }",
    "VersioningConfiguration: { Status: Suspended }",
    P,
  ],
  [
    "AWS::S3::Bucket",
    "PublicAccessBlockConfiguration: { BlockPublicAcls: true }",
    "PublicAccessBlockConfiguration: { BlockPublicAcls: false }",
    P,
  ],
  ["AWS::S3::Bucket", "LoggingConfiguration: { DestinationBucketName: b }", "", "audit-off"],
  [
    "AWS::S3::Bucket",
    "AccessControl: Private",
    "AccessControl: PublicRead",
    "privilege-widened wildcard-principal",
  ],
  ["AWS::RDS::DBInstance", "PubliclyAccessible: false", "PubliclyAccessible: true", "isolation-lost"],
  ["AWS::RDS::DBInstance", "BackupRetentionPeriod: 14", "BackupRetentionPeriod: 1", P],
  [
    "AWS::RDS::DBInstance",
    "EnableIAMDatabaseAuthentication: true",
    "EnableIAMDatabaseAuthentication: false",
    P,
  ],
  [
    "AWS::ApiGateway::Method",
    "AuthorizationType: AWS_IAM",
    "AuthorizationType: NONE",
    `${P} wildcard-principal`,
  ],
  ["AWS::Lambda::Url", "AuthType: AWS_IAM", "AuthType: NONE", `${P} wildcard-principal`],
  ["AWS::Serverless::Api", "Auth: { DefaultAuthorizer: Pool }", "", P],
  [
    "AWS::ElasticLoadBalancingV2::Listener",
    "SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06",
    "SslPolicy: ELBSecurityPolicy-2016-08",
    P,
  ],
  ["AWS::ElasticLoadBalancingV2::Listener", "Protocol: HTTPS", "Protocol: HTTP", P],
  [
    "AWS::CloudFront::Distribution",
    "DistributionConfig: { DefaultCacheBehavior: { ViewerProtocolPolicy: https-only } }",
    "DistributionConfig: { DefaultCacheBehavior: { ViewerProtocolPolicy: allow-all } }",
    P,
  ],
  [
    "AWS::CloudFront::Distribution",
    "DistributionConfig: { WebACLId: a, Comment: b }",
    "DistributionConfig: { Comment: b }",
    P,
  ],
  [
    "AWS::DynamoDB::Table",
    "PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }",
    "PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false }",
    P,
  ],
  ["AWS::EC2::Instance", "DisableApiTermination: true", "DisableApiTermination: false", P],
  ["AWS::Cognito::UserPool", 'MfaConfiguration: "ON"', 'MfaConfiguration: "OFF"', P],
  ["AWS::ECS::Service", "DesiredCount: 4", "DesiredCount: 1", "capacity-removed"],
  [
    "AWS::ECS::TaskDefinition",
    "ContainerDefinitions: [{ Image: a/b:1.0 }]",
    "ContainerDefinitions: [{ Image: a/b:latest }]",
    "untrusted-code",
  ],
  ["AWS::ECR::Repository", "ImageTagMutability: IMMUTABLE", "ImageTagMutability: MUTABLE", P],
  ["AWS::Logs::LogGroup", "RetentionInDays: 365", "RetentionInDays: 7", "audit-off"],
  ["AWS::CloudTrail::Trail", "EnableLogFileValidation: true", "EnableLogFileValidation: false", "audit-off"],
  ["AWS::KMS::Key", "PendingWindowInDays: 30", "PendingWindowInDays: 7", P],
  [
    "AWS::Route53::RecordSet",
    "AliasTarget: { DNSName: a, EvaluateTargetHealth: true }",
    "AliasTarget: { DNSName: a, EvaluateTargetHealth: false }",
    "failover-changed",
  ],
  ["AWS::Route53::RecordSet", "AliasTarget: { DNSName: a }", "AliasTarget: { DNSName: b }", "route-changed"],
  ["AWS::Lambda::Function", "VpcConfig: { SubnetIds: [a] }", "", "isolation-lost"],
  [
    "AWS::ElastiCache::ReplicationGroup",
    "AutomaticFailoverEnabled: true",
    "AutomaticFailoverEnabled: false",
    "failover-changed",
  ],
];

describe("a guard of a template", () => {
  it.each(ROWS)("%s: %s → %s is %s", (type, before, after, expected) => {
    expect(codesOf("a.yaml", template(type, before), template(type, after))).toBe(expected);
  });

  it.each([
    ["DeletionPolicy: Retain", "DeletionPolicy: Delete"],
    ["DeletionPolicy: Retain", ""],
    ["UpdateReplacePolicy: Snapshot", "UpdateReplacePolicy: Delete"],
  ])("%s → %s", (before, after) => {
    const type = "AWS::RDS::DBCluster";
    expect(codesOf("a.yaml", template(type, "", before), template(type, "", after))).toBe(P);
  });

  it.each(["AWS::WAFv2::WebACLAssociation", "AWS::Backup::BackupPlan", "AWS::S3::BucketPolicy"])(
    "%s is taken away",
    (type) => {
      const rest = template("AWS::EC2::EIP", "").replace("  A:", "  B:");
      const codes = codesOf("a.yaml", rest + template(type, "").split("Resources:\n")[1], rest);
      expect(codes).toBe(type.endsWith("BucketPolicy") ? "" : P);
    },
  );
});
