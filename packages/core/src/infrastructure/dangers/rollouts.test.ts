// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const P = "protection-off";
const object = (apiVersion: string, kind: string, name: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;

describe("roll-outs that may take all at once", () => {
  const deployment = (strategy: string) =>
    object("apps/v1", "Deployment", "a", `{ replicas: 4, strategy: ${strategy} }`);
  it.each([
    ["{ rollingUpdate: { maxUnavailable: 0 } }", "{ rollingUpdate: { maxUnavailable: 100% } }", P],
    ["{ rollingUpdate: { maxUnavailable: 1 } }", "{ rollingUpdate: { maxUnavailable: 4 } }", P],
    ["{ rollingUpdate: { maxUnavailable: 1 } }", "{ rollingUpdate: { maxUnavailable: 2 } }", ""],
    ["{ rollingUpdate: { maxUnavailable: 100% } }", "{ rollingUpdate: { maxUnavailable: 25% } }", ""],
    ["{ type: RollingUpdate }", "{ type: Recreate }", P],
  ])("%s → %s", (before, after, codes) => {
    expect(codesOf("a.yaml", deployment(before), deployment(after))).toBe(codes);
  });

  it("keeps fewer than half of a service's tasks", () => {
    const service = (percent: number) =>
      block("aws_ecs_service", `deployment_minimum_healthy_percent = ${percent}`);
    expect(codesOf("a.tf", service(100), service(0))).toBe(P);
    expect(codesOf("a.tf", service(100), service(50))).toBe("");
  });
});

describe("backups that are made more rarely", () => {
  const job = (name: string, schedule: string) =>
    object("batch/v1", "CronJob", name, `{ schedule: "${schedule}" }`);
  it.each([
    ["postgres-backup", "15 1 * * *", "15 1 1 * *", P],
    ["postgres-backup", "15 1 * * *", "45 3 * * *", ""],
    ["postgres-backup", "15 1 * * 0", "15 1 * * *", ""],
    ["report", "15 1 * * *", "15 1 1 * *", ""],
  ])("%s at %s, then at %s", (name, before, after, codes) => {
    expect(codesOf("a.yaml", job(name, before), job(name, after))).toBe(codes);
  });

  it("of a plan, a day's and a week's", () => {
    const plan = (schedule: string) => block("aws_backup_plan", `rule {\n schedule = "${schedule}"\n }`);
    expect(codesOf("a.tf", plan("cron(0 5 ? * * *)"), plan("cron(0 5 ? * SUN *)"))).toBe(P);
  });
});

describe("backups with more time between them", () => {
  it.each([
    ["aws_dlm_lifecycle_policy", "interval = 6", "interval = 24", P],
    ["aws_dlm_lifecycle_policy", "interval = 24", "interval = 6", ""],
    [
      "google_compute_resource_policy",
      "snapshot_schedule_policy {\n days_in_cycle = 1\n }",
      "snapshot_schedule_policy {\n days_in_cycle = 7\n }",
      P,
    ],
    [
      "azurerm_backup_policy_vm",
      'backup {\n frequency = "Daily"\n }',
      'backup {\n frequency = "Weekly"\n }',
      P,
    ],
    ["aws_cloudwatch_metric_alarm", "interval = 6", "interval = 24", ""],
  ])("%s: %s → %s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });
});

describe("what a rule left out", () => {
  const policy = (direction: string, peer: string, except: string) =>
    object(
      "networking.k8s.io/v1",
      "NetworkPolicy",
      "a",
      `{ ${direction}: [{ ${peer}: [{ ipBlock: { cidr: 10.0.0.0/8, except: ${except} } }] }] }`,
    );
  it.each([
    ["egress", "to", "[10.1.0.0/16, 169.254.169.254/32]", "[10.1.0.0/16]", P],
    ["egress", "to", "[10.1.0.0/16]", "[10.1.0.0/16, 169.254.169.254/32]", ""],
    ["ingress", "from", "[10.1.0.0/16]", "[]", "cidr-opened"],
  ])("%s %s: %s → %s", (direction, peer, before, after, codes) => {
    expect(codesOf("a.yaml", policy(direction, peer, before), policy(direction, peer, after))).toBe(codes);
  });
});

describe("what a kustomization no longer lists", () => {
  const listing = (...files: readonly string[]) =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [${files.join(", ")}]\n`;
  it.each([
    [["network-policies.yaml", "a.yaml"], ["a.yaml"], P],
    [["a.yaml", "alerts.yaml"], ["a.yaml"], "audit-off"],
    [["a.yaml", "b.yaml"], ["a.yaml"], ""],
    [["netpol.yaml", "a.yaml"], ["guards/netpol.yaml", "a.yaml"], ""],
  ])("%j → %j", (before, after, codes) => {
    expect(codesOf("kustomization.yaml", listing(...before), listing(...after))).toBe(codes);
  });
});
