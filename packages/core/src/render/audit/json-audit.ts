// SPDX-License-Identifier: Apache-2.0
import type { AuditReport } from "../../audit/index.ts";
import { formatSafeJson } from "../safe-json.ts";

/**
 * The document of `report --json` (specs/audit-report.schema.json) on one line with a final newline, in pieces: a report about 100,000
 * changes is longer than one string should be.
 */
export function* formatAuditJson(report: AuditReport): Generator<string, void, undefined> {
  const { changes, ...rest } = report;
  yield `${formatSafeJson(rest).slice(0, -1)},"changes":[`;
  let separator = "";
  for (const change of changes) {
    yield separator + formatSafeJson(change);
    separator = ",";
  }
  yield "]}\n";
}
