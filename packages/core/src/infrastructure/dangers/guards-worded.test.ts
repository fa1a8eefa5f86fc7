// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const P = "protection-off";

describe("guards whose value says in words whether they are on", () => {
  it.each([
    [
      "google_firestore_database",
      "delete_protection_state",
      "DELETE_PROTECTION_ENABLED",
      "DELETE_PROTECTION_DISABLED",
      P,
    ],
    [
      "google_firestore_database",
      "delete_protection_state",
      "DELETE_PROTECTION_DISABLED",
      "DELETE_PROTECTION_ENABLED",
      "",
    ],
    ["google_container_cluster", "vulnerability_mode", "VULNERABILITY_BASIC", "VULNERABILITY_DISABLED", P],
    ["aws_guardduty_detector_feature", "status", "ENABLED", "DISABLED", `audit-off ${P}`],
    ["aws_securityhub_standards_control", "control_status", "ENABLED", "DISABLED", P],
    ["aws_ecs_cluster", "mode", "fast", "none", ""],
  ])("%s %s: %s → %s", (type, name, before, after, codes) => {
    const text = (value: string) => block(type, `${name} = "${value}"`);
    expect(codesOf("a.tf", text(before), text(after))).toBe(codes);
  });

  it.each([
    [
      "aws_sfn_state_machine",
      'logging_configuration {\n level = "ALL"\n}',
      'logging_configuration {\n level = "OFF"\n}',
    ],
    [
      "aws_inspector2_organization_configuration",
      "auto_enable {\n ec2 = true\n}",
      "auto_enable {\n ec2 = false\n}",
    ],
  ])("%s: %s", (type, before, after) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe("audit-off");
  });
});
