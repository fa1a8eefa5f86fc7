// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import type { Finding } from "../policy/verdict.ts";
import { fingerprintOf } from "./code-quality.ts";
import { displayText } from "./display-text.ts";
import type { GateReport } from "./gate-report.ts";
import { placesOf, toRepoUri } from "./repo-uri.ts";
import { compareText, describeMissing, describeVerdict, firstOf, openFindings } from "./report-words.ts";
import { formatSafeJson } from "./safe-json.ts";

/** GitHub takes at most 100 locations a result and 25,000 results a run. */
const MAX_LOCATIONS = 100;
const MAX_RESULTS = 5000;

const LEVEL: Readonly<Record<Finding["status"], "error" | "warning" | "note" | "none">> = {
  error: "error",
  fail: "error",
  pending: "warning",
  warning: "warning",
  pass: "none",
  skipped: "none",
};

/** A SARIF 2.1.0 log of what stops the change or should be known, for code scanning and Jenkins. */
export function formatSarif(report: GateReport, toolVersion: string): string {
  const findings = openFindings(report.findings).slice(0, MAX_RESULTS);
  const ruleIds = [...new Set(findings.map(({ rule }) => rule))].sort(compareText);
  const run = {
    tool: { driver: driver(ruleIds, toolVersion) },
    ...provenance(report),
    automationDetails: { id: `countersign/${displayText(report.target)}/` },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { SRCROOT: { description: { text: "The root of the repository." } } },
    invocations: [{ executionSuccessful: report.verdict !== "error" }],
    results: findings.map((finding) => result(finding, ruleIds.indexOf(finding.rule), report)),
    properties: summary(report),
  };
  const $schema = "https://json.schemastore.org/sarif-2.1.0.json";
  return `${formatSafeJson({ $schema, version: "2.1.0", runs: [run] }, 2)}\n`;
}

function driver(ruleIds: readonly string[], version: string): object {
  return {
    name: "countersign",
    version,
    informationUri: "https://countersign.dev",
    rules: ruleIds.map((id) => ({
      id: displayText(id, 120),
      shortDescription: { text: `Policy rule ${displayText(id, 120)}` },
    })),
  };
}

function result(finding: Finding, ruleIndex: number, report: GateReport): object {
  const missing = describeMissing(finding, (text) => displayText(text, 60));
  const { shown, rest } = firstOf(placesOf(finding.files, report.policySource?.path), MAX_LOCATIONS);
  const more = rest > 0 ? ` ${rest} more files are not listed here.` : "";
  const text = `${displayText(finding.reason, 1000)}${missing === null ? "" : ` Missing: ${missing}.`}${more}`;
  return {
    ruleId: displayText(finding.rule, 120),
    ruleIndex,
    level: LEVEL[finding.status],
    message: { text },
    locations: shown.map(location),
    partialFingerprints: { "countersignFinding/v1": fingerprintOf(finding, shown[0] ?? null, report) },
    properties: { status: finding.status, commits: finding.commits.slice(0, MAX_LOCATIONS) },
  };
}

function location(path: RepoPath): object {
  const artifactLocation = { uri: toRepoUri(path), uriBaseId: "SRCROOT" };
  return { physicalLocation: { artifactLocation, region: { startLine: 1 } } };
}

/** SARIF demands a repository URI there; a policy that names none leaves only the properties. */
function provenance(report: GateReport): object {
  if (!/^[a-z][a-z0-9+.-]*:[^\s"<>\\^`{|}]+$/i.test(report.repository)) return {};
  const repositoryUri = displayText(report.repository, 2000);
  const details = { repositoryUri, revisionId: report.head, branch: displayText(report.target) };
  return { versionControlProvenance: [details] };
}

function summary(report: GateReport): object {
  const { verdict, base, head, mergeBase, target, policyDigest, evaluatedAt } = report;
  return {
    verdict,
    means: describeVerdict(verdict),
    base,
    head,
    mergeBase,
    target,
    policyDigest,
    evaluatedAt,
  };
}
