// SPDX-License-Identifier: Apache-2.0
import type { GateReport } from "@countersign/core/render";
import { expect } from "vitest";

/** Sign-offs are missing, and a finding that waits says so in these words. */
export function expectPending(report: GateReport, reason: string | RegExp): void {
  expect(report.verdict).toBe("pending");
  const reasons = report.findings
    .filter(({ status }) => status === "pending")
    .map((finding) => finding.reason);
  expect(reasons.join("\n")).toMatch(reason);
}
