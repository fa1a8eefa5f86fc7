// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { DeployReport } from "../audit/index.ts";
import { formatDeployJson, formatDeployReport } from "./deploy-report.ts";
import { PLAIN_PALETTE } from "./palette.ts";
import { EVIL_TEXTS } from "./sample-report.fixture.ts";

const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../../specs/deploy-report.schema.json"), "utf8")),
);

/** A report in which every text is whatever somebody wrote. */
function toReport(text: string): DeployReport {
  const commit = "3".repeat(40);
  const recorded = {
    environment: text,
    commit,
    at: "2026-03-01T00:00:00Z",
    verdict: text,
    envelope: "a".repeat(64),
  };
  return {
    verdict: "denied",
    environment: text,
    target: `refs/heads/${text}`,
    repository: text,
    commit,
    base: "1".repeat(40),
    kind: "forward",
    artifacts: [{ name: text, digest: { sha256: "b".repeat(64) } }],
    policyDigest: null,
    evaluatedAt: "2026-03-02T00:00:00Z",
    previous: recorded,
    after: recorded,
    changes: [
      {
        base: null,
        head: commit,
        title: text,
        verdict: "denied",
        judgedAt: "2026-03-02T00:00:00Z",
        attested: null,
        assisted: true,
        tools: [text],
        signOffs: [{ principal: text, decision: "approve", counted: true, reason: text }],
      },
    ],
    findings: [{ rule: text, status: "fail", reason: text, commits: [commit] }],
    gaps: [commit],
  };
}

describe("a deployment's report", () => {
  it("acts on no terminal and no build log, whatever was written, and stays what its schema says", () => {
    for (const evil of EVIL_TEXTS) {
      const text = formatDeployReport(toReport(evil), { palette: PLAIN_PALETTE, width: 80 });
      expect(text).not.toMatch(/[^\P{C}\n]/u);
      const json = formatDeployJson(toReport(evil));
      expect(json.trimEnd()).not.toMatch(/[^\P{C}]/u);
      expect(SCHEMA.safeParse(JSON.parse(json))).toMatchObject({ success: true });
    }
    expect(
      SCHEMA.safeParse({ ...JSON.parse(formatDeployJson(toReport("x"))), verdict: "maybe" }).success,
    ).toBe(false);
  });

  it("says the verdict first, then what would ship, then why", () => {
    const text = formatDeployReport(toReport("production"), { palette: PLAIN_PALETTE, width: 80 });
    expect(text.split("\n")[0]).toBe("DENIED  333333333333 must not be deployed: production");
    expect(text.indexOf("what would ship")).toBeLessThan(text.indexOf("why"));
  });
});
