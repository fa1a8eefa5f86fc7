// SPDX-License-Identifier: Apache-2.0
import type { GateReport } from "./gate-report.ts";
import { formatSafeJson } from "./safe-json.ts";

/**
 * The document of `gate --json` (specs/gate-report.schema.json), one line with a final newline. Paths keep bytes that are
 * not UTF-8 as escaped lone surrogates (`\udcff` is the byte 0xff): a reader gets every path without loss.
 */
export function formatJsonReport(report: GateReport): string {
  const { verdict, change, findings, policyDigest, signOffs, ...more } = report;
  const signOffRows = signOffs.map(({ principal, decision, counted, reason, ...rest }) => ({
    principal,
    decision,
    counted,
    reason,
    ...rest,
  }));
  const findingRows = findings.map(({ rule, status, reason, commits, files, missing }) => ({
    rule,
    status,
    reason,
    commits,
    files,
    missing,
  }));
  const { policySource, repository, base, head, mergeBase, target, evaluatedAt, commits, notes } = more;
  const extra = { policySource, repository, base, head, mergeBase, target, evaluatedAt, commits, notes };
  return `${formatSafeJson({ verdict, change, findings: findingRows, policyDigest, signOffs: signOffRows, ...extra })}\n`;
}
