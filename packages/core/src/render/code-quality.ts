// SPDX-License-Identifier: Apache-2.0
import { type RepoPath, sha256Hex, toUtf8 } from "../ids/index.ts";
import type { Finding } from "../policy/verdict.ts";
import { displayText } from "./display-text.ts";
import type { GateReport } from "./gate-report.ts";
import { placesOf } from "./repo-uri.ts";
import { describeMissing, openFindings } from "./report-words.ts";
import { formatSafeJson } from "./safe-json.ts";

/** GitLab reads a report of any length but renders slowly; a finding that names more files says so once. */
const MAX_FILES = 200;

const SEVERITY: Readonly<Record<Finding["status"], "info" | "minor" | "major" | "critical" | "blocker">> = {
  error: "blocker",
  fail: "critical",
  pending: "major",
  warning: "minor",
  pass: "info",
  skipped: "info",
};

/**
 * A GitLab Code Quality report. Every issue needs a path: a finding about no file stands at the policy that asks for it.
 * The fingerprint is stable across pipelines of the same change, so that GitLab can tell new issues from old ones.
 */
export function formatCodeQuality(report: GateReport): string {
  const issues = openFindings(report.findings).flatMap((finding) => {
    const places = placesOf(finding.files, report.policySource?.path).slice(0, MAX_FILES);
    return places.map((path) => issue(finding, path, report));
  });
  return `${formatSafeJson(withUniqueFingerprints(issues), 2)}\n`;
}

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

function issue(finding: Finding, path: RepoPath, report: GateReport): Issue {
  const missing = describeMissing(finding, (text) => displayText(text, 60));
  return {
    description: `${displayText(finding.reason, 1000)}${missing === null ? "" : ` (missing ${missing})`}`,
    check_name: displayText(finding.rule, 120),
    fingerprint: fingerprintOf(finding, path, report),
    severity: SEVERITY[finding.status],
    location: { path: displayText(path, path.length), lines: { begin: 1 } },
  };
}

/** SHA-256 over what makes two findings the same one: rule, status, place and target, not their wording. */
export function fingerprintOf(finding: Finding, path: RepoPath | null, report: GateReport): string {
  return sha256Hex(
    toUtf8(JSON.stringify([finding.rule, finding.status, path, report.target, finding.commits])),
  );
}

/** GitLab drops an issue whose fingerprint it has seen in the report; two findings of one rule may share it. */
function withUniqueFingerprints(issues: readonly Issue[]): Issue[] {
  const seen = new Map<string, number>();
  return issues.map((entry) => {
    const count = seen.get(entry.fingerprint) ?? 0;
    seen.set(entry.fingerprint, count + 1);
    return count === 0
      ? entry
      : { ...entry, fingerprint: sha256Hex(toUtf8(`${entry.fingerprint} ${count}`)) };
  });
}
