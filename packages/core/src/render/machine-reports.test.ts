// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { formatCodeQuality } from "./code-quality.ts";
import { formatGithubAnnotations } from "./github-annotations.ts";
import { formatJsonReport } from "./json-report.ts";
import { formatSafeJson } from "./safe-json.ts";
import { EVIL_TEXTS, HEAD, hostileReport, PASS_REPORT, PENDING_REPORT } from "./sample-report.fixture.ts";
import { formatSarif } from "./sarif-report.ts";

const EVIL = fc.oneof(fc.constantFrom(...EVIL_TEXTS), fc.string({ unit: "binary", maxLength: 200 }));

const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../../specs/gate-report.schema.json"), "utf8")),
);

describe("JSON", () => {
  it("is what its published schema says, whatever was written", () => {
    for (const report of [
      PENDING_REPORT,
      PASS_REPORT,
      ...EVIL_TEXTS.filter((evil) => evil !== "").map(hostileReport),
    ]) {
      expect(SCHEMA.safeParse(JSON.parse(formatJsonReport(report)))).toMatchObject({ success: true });
    }
    const document = JSON.parse(formatJsonReport(PENDING_REPORT));
    expect(SCHEMA.safeParse({ ...document, verdict: "maybe" }).success).toBe(false);
    expect(SCHEMA.safeParse({ ...document, findings: [{ rule: "x" }] }).success).toBe(false);
  });

  it("has the documented keys first and in order", () => {
    const document = JSON.parse(formatJsonReport(PENDING_REPORT));
    expect(Object.keys(document).slice(0, 5)).toEqual([
      "verdict",
      "change",
      "findings",
      "policyDigest",
      "signOffs",
    ]);
    expect(Object.keys(document.findings[0])).toEqual([
      "rule",
      "status",
      "reason",
      "commits",
      "files",
      "missing",
    ]);
    expect(Object.keys(document.signOffs[0]).slice(0, 4)).toEqual([
      "principal",
      "decision",
      "counted",
      "reason",
    ]);
    expect(document.change).toEqual({ ai: { assisted: true, commits: 2 }, classes: ["infrastructure"] });
  });

  it("gives a reader every outside text exactly, although no byte of it can act", () => {
    fc.assert(
      fc.property(EVIL, (evil) => {
        const json = formatJsonReport(hostileReport(evil));
        expect(JSON.parse(json).findings[0].reason).toBe(evil);
        expect(JSON.parse(json).findings[0].files[0]).toBe(evil);
        expect(json.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##\w*\[/u);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps an integer exact that no double holds, and reads maps and sets", () => {
    expect(
      formatSafeJson({ big: 2n ** 60n, small: 3n, map: new Map([["a", 1n]]), set: new Set(["x"]) }),
    ).toBe('{"big":"1152921504606846976","small":3,"map":{"a":1},"set":["x"]}');
  });
});

describe("GitHub annotations", () => {
  it("names rule, file and what is missing", () => {
    expect(formatGithubAnnotations(PENDING_REPORT)).toBe(
      "::notice title=countersign%3A ai-senior-sign-off,file=deploy/main.tf,line=1::0 of 1 sign-offs by a senior%0Amissing 1 × senior: could be given by senior-one, senior-two\n",
    );
  });

  it("says nothing where nothing is open", () => {
    expect(formatGithubAnnotations(PASS_REPORT)).toBe("");
  });

  it("counts what GitHub would drop, and shows every finding before a second file of any", () => {
    const [finding] = PENDING_REPORT.findings;
    if (finding === undefined) throw new Error("the sample has one");
    const failing = (rule: string, files: number) => ({
      ...finding,
      rule,
      status: "fail" as const,
      files: Array.from({ length: files }, (_, i) => `${rule}/${i}`),
    });
    const lines = formatGithubAnnotations({
      ...PENDING_REPORT,
      findings: [failing("a", 50), failing("b", 2)],
    })
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(10);
    expect(lines[1]).toContain("file=b/0");
    expect(lines[9]).toContain("43 more annotations");
  });

  it("lets no outside text start a command or a property of its own (T62)", () => {
    fc.assert(
      fc.property(EVIL, (evil) => {
        for (const line of formatGithubAnnotations(hostileReport(evil)).split("\n").slice(0, -1)) {
          expect(line).toMatch(/^::error title=[^,:]*(?:,file=[^,:]*,line=1)?::[^\n\r]*$/);
          expect(line).not.toMatch(/##\w*\[/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each(["../x", "/etc/passwd", "a/../b", "a\nb", "dir\\file", " x"])(
    "points at no file for the path %j",
    (path) => {
      const [finding] = PENDING_REPORT.findings;
      if (finding === undefined) throw new Error("the sample has one");
      const text = formatGithubAnnotations({ ...PENDING_REPORT, findings: [{ ...finding, files: [path] }] });
      expect(text).not.toContain("file=");
      expect(text).toContain("::notice ");
    },
  );
});

describe("GitLab code quality", () => {
  it("gives every open finding a path, a severity and a fingerprint", () => {
    const [issue] = JSON.parse(formatCodeQuality(PENDING_REPORT));
    expect(issue).toEqual({
      description:
        "0 of 1 sign-offs by a senior (missing 1 × senior: could be given by senior-one, senior-two)",
      check_name: "ai-senior-sign-off",
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      severity: "major",
      location: { path: "deploy/main.tf", lines: { begin: 1 } },
    });
    expect(JSON.parse(formatCodeQuality(PASS_REPORT))).toEqual([]);
  });

  it("keeps a fingerprint when only the wording changes, and never repeats one", () => {
    const reworded = {
      ...PENDING_REPORT,
      findings: PENDING_REPORT.findings.map((f) => ({ ...f, reason: "other words" })),
    };
    expect(JSON.parse(formatCodeQuality(reworded))[0].fingerprint).toBe(
      JSON.parse(formatCodeQuality(PENDING_REPORT))[0].fingerprint,
    );
    const twice = { ...PENDING_REPORT, findings: [...PENDING_REPORT.findings, ...PENDING_REPORT.findings] };
    const prints = JSON.parse(formatCodeQuality(twice)).map(
      (issue: { fingerprint: string }) => issue.fingerprint,
    );
    expect(new Set(prints).size).toBe(2);
  });

  it("places a finding about no file at the policy, never outside the repository", () => {
    const hostile = JSON.parse(formatCodeQuality(hostileReport("../../../etc/passwd")));
    for (const issue of hostile) expect(issue.location.path.startsWith("/")).toBe(false);
    const none = { ...PENDING_REPORT, findings: PENDING_REPORT.findings.map((f) => ({ ...f, files: [] })) };
    expect(JSON.parse(formatCodeQuality(none))[0].location.path).toBe(".countersign/policy.yml");
  });
});

describe("SARIF", () => {
  it("reports the open findings against their rules", () => {
    const log = JSON.parse(formatSarif(PENDING_REPORT, "1.2.3"));
    expect(log.version).toBe("2.1.0");
    const [run] = log.runs;
    expect(run.tool.driver).toMatchObject({
      name: "countersign",
      version: "1.2.3",
      rules: [{ id: "ai-senior-sign-off" }],
    });
    expect(run.results).toHaveLength(1);
    expect(run.results[0]).toMatchObject({
      ruleId: "ai-senior-sign-off",
      ruleIndex: 0,
      level: "warning",
      locations: [
        { physicalLocation: { artifactLocation: { uri: "deploy/main.tf" }, region: { startLine: 1 } } },
      ],
      partialFingerprints: { "countersignFinding/v1": expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(run.versionControlProvenance).toEqual([
      { repositoryUri: "https://git.acme.example/shop.git", revisionId: HEAD, branch: "refs/heads/main" },
    ]);
  });

  it("points every result at its own rule and every place inside the repository, whatever was written", () => {
    fc.assert(
      fc.property(EVIL, (evil) => {
        const text = formatSarif(hostileReport(evil), "1.0.0");
        const [run] = JSON.parse(text).runs;
        for (const result of run.results) {
          expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
          expect(result.message.text.length).toBeGreaterThan(0);
          for (const { physicalLocation } of result.locations) {
            const { uri } = physicalLocation.artifactLocation;
            expect(uri).toMatch(/^(?:[\w.~/-]|%[0-9A-F]{2})*$/);
            expect(uri.split("/")).not.toContain("..");
          }
        }
        for (const { repositoryUri } of run.versionControlProvenance ?? [])
          expect(() => new URL(repositoryUri)).not.toThrow();
        expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: 500 },
    );
  });
});
