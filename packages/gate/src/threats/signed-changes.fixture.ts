// SPDX-License-Identifier: Apache-2.0
import type { GateReport } from "@countersign/core/render";
import { readEvidenceSet } from "@countersign/git";
import { expect } from "vitest";
import { findingOf, identityOf, type ProposalOptions, type Scenario } from "./gate-scenario.fixture.ts";
import { openOnce } from "./open-once.fixture.ts";

const LINES = Array.from({ length: 12 }, (_, i) => `line ${i + 1}`);

/** Twelve lines, some of them changed. */
export const numbered = (changes: Readonly<Record<number, string>>) =>
  `${LINES.map((line, i) => changes[i + 1] ?? line).join("\n")}\n`;

/** Approvals of other tests, made for changes from the same fork point, would be listed with reasons of their own. */
export async function forgetSignOffs(scenario: Scenario): Promise<void> {
  await scenario.repo.tryGit(["update-ref", "-d", "refs/countersign/evidence"]);
}

/** A commit that the target got meanwhile; given as base, no ref needs to move. */
export function moveTarget(
  scenario: Scenario,
  files: ProposalOptions["files"],
  from = scenario.start,
): Promise<string> {
  return scenario.propose({
    message: "other work\n",
    from,
    author: identityOf("auditor"),
    ...(files && { files }),
  });
}

/** A change that the senior approved. */
export async function proposeSigned(
  scenario: Scenario,
  options: ProposalOptions = {},
  base = scenario.start,
): Promise<string> {
  const head = await scenario.propose({ from: base, ...options });
  await scenario.sign("senior", { base, head });
  return head;
}

/** No approval counted, at least one for this reason, and so the rule still waits and says why. */
export function expectVoid(report: GateReport, reason: string): void {
  expect(report.verdict).toBe("pending");
  expect(report.signOffs.filter(({ counted }) => counted)).toEqual([]);
  expect(report.signOffs.map((signOff) => signOff.reason).join("\n")).toContain(reason);
  const finding = findingOf(report, "ai-senior-sign-off");
  expect(finding).toMatchObject({ status: "pending", missing: { role: "senior", count: 1 } });
  expect(finding.reason).toContain(reason);
}

/** Every piece of evidence of one repository, put into another. */
export async function copyEvidence(from: Scenario, to: Scenario): Promise<void> {
  const { envelopes } = await readEvidenceSet(await openOnce(from.repo));
  for (const bytes of envelopes.values()) await to.addEnvelope(bytes);
}
