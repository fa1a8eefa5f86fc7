// SPDX-License-Identifier: Apache-2.0
import type { ProfileName } from "@countersign/core/policy";
import type { GateReport } from "@countersign/core/render";
import { expect } from "vitest";
import { createScenario, type ProposalOptions, type Scenario } from "../threats/gate-scenario.fixture.ts";

export const DCO = "Signed-off-by: author <author@example.com>\n";

/** A project that took a profile as it is and only said who its people are. */
export function createProject(profile: ProfileName, files: ProposalOptions["files"] = {}): Promise<Scenario> {
  return createScenario({
    head: `extends: ${profile}\nrepository: https://git.example/team/project\n`,
    policy: "roles: { senior: { members: [senior, second, author] } }\n",
    files: files ?? {},
  });
}

/** The verdict and the rules that did not hold, worst first. */
export async function judge(
  project: Scenario,
  options: ProposalOptions,
  gate: Parameters<Scenario["gate"]>[0] = {},
): Promise<GateReport & { readonly failed: readonly string[] }> {
  const report = await project.gate({ head: await project.propose(options), ...gate });
  const failed = report.findings.filter(
    ({ status }) => status === "fail" || status === "pending" || status === "error",
  );
  return { ...report, failed: failed.map((finding) => finding.rule) };
}

/** Exactly these rules stop the change, each with a reason that says what to do. */
export async function expectStopped(
  project: Scenario,
  options: ProposalOptions,
  reasons: Readonly<Record<string, string | RegExp>>,
): Promise<void> {
  const report = await judge(project, options);
  expect([...new Set(report.failed)].sort()).toEqual(Object.keys(reasons).sort());
  for (const [rule, reason] of Object.entries(reasons))
    expect(report.findings.find((finding) => finding.rule === rule)?.reason).toMatch(reason);
  const isDenied = report.findings.some(({ status }) => status === "fail");
  expect(report.verdict).toBe(isDenied ? "denied" : "pending");
}

export async function expectPass(project: Scenario, options: ProposalOptions): Promise<void> {
  const report = await judge(project, options);
  expect(report.failed).toEqual([]);
  expect(report.verdict).toBe("pass");
}
