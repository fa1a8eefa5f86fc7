// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, summarize } from "../assess.fixture.ts";

describe("values whose names say what they hold", () => {
  it.each([
    ["alb_internal = true", "alb_internal = false", "variable.alb_internal network: isolation-lost"],
    ["alb_internal = false", "alb_internal = true", "variable.alb_internal network:"],
    ["log_retention_days = 400", "log_retention_days = 14", "variable.log_retention_days other: audit-off"],
    ["log_retention_days = 14", "log_retention_days = 400", "variable.log_retention_days other:"],
    [
      "db_backup_retention = 7",
      "db_backup_retention = 0",
      "variable.db_backup_retention data: protection-off",
    ],
    [
      "bucket_force_destroy = false",
      "bucket_force_destroy = true",
      "variable.bucket_force_destroy data: protection-off",
    ],
    ["api_replicas = 4", "api_replicas = 1", "variable.api_replicas compute: capacity-removed"],
    ["db_max_length = 4", "db_max_length = 1", "variable.db_max_length data:"],
    ['worker_zones = ["a", "b"]', 'worker_zones = ["a"]', "variable.worker_zones other: capacity-removed"],
    ['allowed_zones = ["a", "b"]', 'allowed_zones = ["a"]', "variable.allowed_zones other:"],
  ])("%s → %s", (before, after, says) => {
    expect(summarize(assessFile("a.tfvars", `${before}\n`, `${after}\n`))).toEqual([`update ${says}`]);
  });

  it("a set of zones that others are made of", () => {
    const locals = (...zones: readonly string[]) =>
      `locals {\n  nat_zones = toset([${zones.map((zone) => `"${zone}"`).join(", ")}])\n}\n`;
    expect(summarize(assessFile("a.tf", locals("a", "b"), locals("a")))).toEqual([
      "update local.nat_zones network: capacity-removed",
    ]);
  });

  it("a variable of a workspace under the name of a secret", () => {
    const variable = (key: string) =>
      `resource "tfe_variable" "a" {\n  key = "${key}"\n  sensitive = true\n}\n`;
    const categoryOf = (key: string) =>
      assessFile("a.tf", null, variable(key)).resources.map(({ category }) => category);
    expect([...categoryOf("db_password"), ...categoryOf("region")]).toEqual(["secrets", "pipeline"]);
  });
});
